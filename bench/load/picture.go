package load

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
)

// pictureQuality is that of cameras.
const pictureQuality = 92

// Picture returns a JPEG with as much detail as a photograph has: areas that blend into each other, edges, and grain. It is
// the same each time.
func Picture(width, height int) ([]byte, error) {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	waves := make([]int, width) // along a row, as sines take long
	for x := range waves {
		waves[x] = int(40 * math.Sin(float64(x)/190))
	}
	grain := uint32(1)
	for y := range height {
		row := m.Y[y*m.YStride:][:width]
		light := 120 + int(50*math.Sin(float64(y)/310))
		for x := range row {
			grain = grain*1664525 + 1013904223
			edge := (x/97 ^ y/61) & 31
			row[x] = byte(min(max(light+waves[(x+y/3)%width]+edge+int(grain>>28)-8, 0), 255))
		}
	}
	for y := range (height + 1) / 2 {
		for x := range (width + 1) / 2 {
			m.Cb[y*m.CStride+x], m.Cr[y*m.CStride+x] = byte(100+x*60/width), byte(110+y*60/height)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: pictureQuality}); err != nil {
		return nil, fmt.Errorf("make a picture: %w", err)
	}
	return b.Bytes(), nil
}

// CheckPicture fails unless the content is a JPEG whose longer side is so many pixels.
func CheckPicture(content []byte, longest int) error {
	config, err := jpeg.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("look at a picture: %w", err)
	}
	if max(config.Width, config.Height) != longest {
		return fmt.Errorf("a picture of %d × %d, not of %d at its longer side", config.Width, config.Height, longest)
	}
	return nil
}
