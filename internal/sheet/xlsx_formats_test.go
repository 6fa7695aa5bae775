package sheet

import "testing"

// A number reads as a person sees it who opens the workbook.
func TestNumbersAsShown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ value, code, want string }{
		{"7", "000", "007"}, {"1234", "000", "1234"}, {"7.5", "000", "7.5"}, {"-7", "000", "-7"}, {"7", "0", "7"},
		{"0.25", "0%", "25%"}, {"0.255", "0.0%", "25.5%"}, {"1", "0.00%", "100.00%"},
		{"0.30000000000000004", "General", "0.3"}, {"10.000000000000002", "0.00", "10"}, {"123456789012345680", "General", "123456789012346000"},
		{"8.5", "0.00", "8.5"}, {"37000", "yyyy-mm-dd", "2001-04-19"},
	} {
		got, _ := appendNumber(nil, []byte(test.value), formatOfCode(test.code), false)
		if string(got) != test.want {
			t.Errorf("%s as %s: %s, want %s", test.value, test.code, got, test.want)
		}
	}
	if got, _ := appendNumber(nil, []byte("0.5"), builtInFormat(9), false); string(got) != "50%" {
		t.Error(string(got))
	}
}
