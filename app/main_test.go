package app_test

import (
	"os"
	"testing"

	"github.com/callboard/callboard/app/apptest"
)

func TestMain(m *testing.M) { os.Exit(apptest.Main(m)) }
