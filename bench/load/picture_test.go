package load

import "testing"

func TestPicture(t *testing.T) {
	t.Parallel()
	const width, height = 601, 400
	b, err := Picture(width, height)
	if err != nil {
		t.Fatal(err)
	}
	if bits := 8 * len(b) / (width * height); bits < 1 || bits > 6 {
		t.Errorf("%d bits a pixel, which no photograph has", bits)
	}
	if err := CheckPicture(b, width); err != nil {
		t.Error(err)
	}
	if CheckPicture(b, height) == nil || CheckPicture(b[:10], width) == nil {
		t.Error("another picture passes")
	}
}
