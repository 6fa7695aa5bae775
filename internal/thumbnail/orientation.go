package thumbnail

import "image"

// orient returns the picture as it is to be looked at. The orientations are those of EXIF (CIPA DC-008, tag 274).
func orient(m *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return m
	}
	width, height := m.Rect.Dx(), m.Rect.Dy()
	if orientation >= 5 {
		width, height = height, width
	}
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			sx, sy := stored(orientation, x, y, m.Rect.Dx()-1, m.Rect.Dy()-1)
			from, to := m.PixOffset(sx, sy), dst.PixOffset(x, y)
			copy(dst.Pix[to:to+4], m.Pix[from:from+4])
		}
	}
	return dst
}

// stored returns where the pixel that is seen at x and y is stored, in a picture with the given last column and row.
func stored(orientation, x, y, right, bottom int) (int, int) {
	switch orientation {
	case 2:
		return right - x, y
	case 3:
		return right - x, bottom - y
	case 4:
		return x, bottom - y
	case 5:
		return y, x
	case 6:
		return y, bottom - x
	case 7:
		return right - y, bottom - x
	case 8:
		return right - y, x
	}
	return x, y
}
