package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Chart is how the series of one chart are shown.
type Chart struct {
	Title, X, Y string
	Latency     bool // x is 1/(1-share of requests), each step of ten another nine
	Points      bool // few values: mark each
}

// chartOf returns how a chart is shown. One that is not named here gets its own name, and marks its values.
func chartOf(name string) Chart {
	const share, millis = "share of requests that took no longer", "milliseconds"
	switch name {
	case "create":
		return Chart{Title: "Creating an episode, 64 connections at full speed", X: share, Y: millis, Latency: true}
	case "switches":
		return Chart{Title: "Creating an episode, all that follows switched on and off", X: share, Y: millis, Latency: true}
	case "open_loop":
		return Chart{Title: "Creating an episode, 1,000 writes/s", X: share, Y: millis, Latency: true}
	case "activity":
		return Chart{Title: "Logging one activity, 500/s", X: share, Y: millis, Latency: true}
	case "read":
		return Chart{Title: "Getting an episode with its viewers, 64 connections at full speed", X: share, Y: millis, Latency: true}
	case "fanout":
		return Chart{Title: "From a write to each of 1,000 sockets, 50 writes/s", X: "share of messages that took no longer", Y: millis, Latency: true}
	case "scale":
		return Chart{Title: "Reads as the log grows: p99", X: "entries of the log", Y: millis, Points: true}
	default:
		return Chart{Title: strings.ReplaceAll(name, "_", " "), Points: true}
	}
}

// WriteCharts writes one SVG file for each chart, and returns their names.
func WriteCharts(folder string, series []Series) ([]string, error) {
	var files []string
	for _, s := range series {
		file := s.Chart + ".svg"
		if slices.Contains(files, file) {
			continue
		}
		lines := slices.DeleteFunc(slices.Clone(series), func(o Series) bool { return o.Chart != s.Chart })
		if err := writeChart(filepath.Join(folder, file), chartOf(s.Chart), lines); err != nil {
			return nil, fmt.Errorf("chart %s: %w", s.Chart, err)
		}
		files = append(files, file)
	}
	return files, nil
}

const (
	chartWidth  = 20 * vg.Centimeter
	chartHeight = 11 * vg.Centimeter
	legendAt    = 0.58 // of the width
	headroom    = 0.3  // of the height, for the legend of a chart whose lines may be at the bottom
)

func writeChart(path string, chart Chart, lines []Series) error {
	p := newPlot(chart)
	x := scaleOf(lines, chart.Latency, func(s Series) []float64 { return s.X })
	y := scaleOf(lines, false, func(s Series) []float64 { return s.Y })
	for i, s := range lines {
		if err := addLine(p, chart, s, i, x, y); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	if chart.Points {
		y.max += headroom * (y.max - y.min)
	}
	x.apply(&p.X)
	y.apply(&p.Y)
	canvas := vgsvg.New(chartWidth, chartHeight)
	p.Draw(draw.Crop(draw.New(canvas), vg.Millimeter*3, -vg.Millimeter*8, vg.Millimeter*3, -vg.Millimeter*3))
	var text bytes.Buffer
	if _, err := canvas.WriteTo(&text); err != nil {
		return err
	}
	// Not everybody has the font by whose widths it was set.
	svg := strings.ReplaceAll(text.String(), "font-family:Liberation Sans", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif")
	return os.WriteFile(path, []byte(svg), 0o644)
}

// newPlot returns an empty plot with its labels.
func newPlot(chart Chart) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = color.White
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = chart.Title, chart.X, chart.Y
	p.Title.Padding = vg.Millimeter * 3
	// Names begin at the same place, and may be wider than they were measured where the font is another.
	p.Legend.Left, p.Legend.XOffs, p.Legend.Padding = true, chartWidth*legendAt, vg.Millimeter
	p.Legend.Top, p.Legend.YOffs = chart.Points, vg.Millimeter*2
	for _, text := range []struct {
		font *font.Font
		size font.Length
	}{
		{&p.Title.TextStyle.Font, 13},
		{&p.X.Label.TextStyle.Font, 11},
		{&p.Y.Label.TextStyle.Font, 11},
		{&p.X.Tick.Label.Font, 10},
		{&p.Y.Tick.Label.Font, 10},
		{&p.Legend.TextStyle.Font, 11},
	} {
		text.font.Variant, text.font.Size = "Sans", text.size
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{225}, color.Gray{225}
	p.Add(grid)
	return p
}

// colorOf returns colors that differ in brightness too, for those who do not tell them apart otherwise.
func colorOf(i int) color.Color {
	colors := []color.RGBA{
		{0x0b, 0x53, 0x9b, 0xff}, {0xd9, 0x5f, 0x02, 0xff}, {0x1b, 0x9e, 0x77, 0xff}, {0x6a, 0x1f, 0x8f, 0xff},
		{0xb8, 0x86, 0x0b, 0xff}, {0x55, 0x55, 0x55, 0xff},
	}
	return colors[i%len(colors)]
}

func addLine(p *plot.Plot, chart Chart, s Series, i int, x, y axisScale) error {
	points := make(plotter.XYs, min(len(s.X), len(s.Y)))
	for n := range points {
		points[n] = plotter.XY{X: x.place(s.X[n]), Y: y.place(s.Y[n])}
	}
	line, marks, err := plotter.NewLinePoints(points)
	if err != nil {
		return err
	}
	line.Color, line.Width = colorOf(i), vg.Points(2)
	marks.Color, marks.Shape, marks.Radius = colorOf(i), draw.CircleGlyph{}, vg.Points(3)
	p.Add(line)
	if chart.Points {
		p.Add(marks)
	}
	p.Legend.Add(s.Name, line)
	return nil
}

// wide is the ratio of the largest to the least value beyond which an axis is logarithmic.
const wide = 30

// axisScale says where values are on an axis. A logarithmic one is a plain one of logarithms, since the library sets the
// labels of its own askew.
type axisScale struct {
	min, max   float64
	log, nines bool // nines: values are 1/(1-share), and shares are what is marked
}

func scaleOf(lines []Series, nines bool, values func(Series) []float64) axisScale {
	least, most := math.Inf(1), math.Inf(-1)
	for _, s := range lines {
		for _, v := range values(s) {
			least, most = min(least, v), max(most, v)
		}
	}
	if nines || (least > 0 && most/least > wide) {
		return axisScale{min: math.Floor(math.Log10(least)), max: math.Log10(most), log: true, nines: nines}
	}
	return axisScale{min: 0, max: most * 1.05}
}

func (a axisScale) place(v float64) float64 {
	if a.log {
		return math.Log10(v)
	}
	return v
}

func (a axisScale) apply(axis *plot.Axis) {
	axis.Min, axis.Max = a.min, a.max
	if a.log {
		axis.Tick.Marker = plot.TickerFunc(a.decades)
	}
}

// decades marks the powers of ten, and the steps between them without a label.
func (a axisScale) decades(least, most float64) []plot.Tick {
	var ticks []plot.Tick
	for power := math.Floor(least); power <= most; power++ {
		decade := math.Pow(10, power)
		label := Number(decade)
		if a.nines {
			label = fmt.Sprintf("%.7g%%", 100-100/decade)
		}
		ticks = append(ticks, plot.Tick{Value: power, Label: label})
		for step := 2.0; step < 10 && !a.nines; step++ {
			ticks = append(ticks, plot.Tick{Value: math.Log10(step * decade)})
		}
	}
	return slices.DeleteFunc(ticks, func(t plot.Tick) bool { return t.Value < least || t.Value > most })
}
