package systemtest

import (
	"os"
	"testing"

	"callboard/app/apptest"
)

func TestMain(m *testing.M) { os.Exit(apptest.Main(m)) }

type obj = map[string]any
