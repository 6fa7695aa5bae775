package process

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// tick is the unit in which Linux counts CPU time; it is the same on all its platforms.
const tick = 10 * time.Millisecond

// stat is what /proc/PID/stat tells.
type stat struct {
	pid, parent int
	name        string
	cpu         time.Duration // of the process, and of its children that have ended
}

// CPU returns the user and system time that the program and its children have taken so far.
func (s *Server) CPU() (time.Duration, error) {
	all, err := processes()
	if err != nil {
		return 0, err
	}
	if all[s.PID].pid == 0 {
		return 0, fmt.Errorf("%s has ended: %s", s.Name, s.log)
	}
	var sum time.Duration
	for _, p := range all {
		if p.descendsFrom(s.PID, all) {
			sum += p.cpu
		}
	}
	return sum, nil
}

func (p stat) descendsFrom(pid int, all map[int]stat) bool {
	for p.pid != 0 {
		if p.pid == pid {
			return true
		}
		p = all[p.parent]
	}
	return false
}

// OwnCPU returns the time that this program has taken so far.
func OwnCPU() (time.Duration, error) {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read own CPU time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// PostgresCPU returns the time that all processes of PostgreSQL on this machine have taken so far, whatever database they
// worked for. The time of connections that were closed is in that of their parent.
func PostgresCPU() (time.Duration, error) {
	all, err := processes()
	var sum time.Duration
	for _, p := range all {
		if p.name == "postgres" {
			sum += p.cpu
		}
	}
	return sum, err
}

// processes reads the state of every process, by its id.
func processes() (map[int]stat, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	all := make(map[int]stat, len(files))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		p, err := parseStat(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all[p.pid] = p
	}
	return all, nil
}

// parseStat reads a line such as "12 (name) S 1 …". The name may hold spaces and parentheses.
func parseStat(text []byte) (stat, error) {
	open, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return stat{}, fmt.Errorf("no name in %q", text)
	}
	p := stat{name: string(text[open+1 : end])}
	fields := strings.Fields(string(text[end+1:]))
	if len(fields) < 15 {
		return stat{}, fmt.Errorf("too short: %q", text)
	}
	var err error
	if p.pid, err = strconv.Atoi(strings.TrimSpace(string(text[:open]))); err != nil {
		return stat{}, fmt.Errorf("no id in %q", text)
	}
	if p.parent, err = strconv.Atoi(fields[1]); err != nil {
		return stat{}, fmt.Errorf("no parent in %q", text)
	}
	for _, field := range fields[11:15] { // utime, stime, cutime, cstime
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return stat{}, fmt.Errorf("no times in %q", text)
		}
		p.cpu += time.Duration(ticks) * tick
	}
	return p, nil
}

// Memory returns how many bytes of the program are in RAM.
func (s *Server) Memory() (rssBytes int64, err error) { return s.memory("VmRSS:") }

// PeakMemory returns the most that ever were, or since ForgetPeak.
func (s *Server) PeakMemory() (rssBytes int64, err error) { return s.memory("VmHWM:") }

// ForgetPeak has the kernel count the peak anew from what is in RAM now, so that a peak at the start does not hide a later
// one.
func (s *Server) ForgetPeak() error {
	const resetPeak = "5"
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.PID), []byte(resetPeak), 0); err != nil {
		return fmt.Errorf("forget the peak of the memory of %s: %w", s.Name, err)
	}
	return nil
}

func (s *Server) memory(key string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.PID))
	if err != nil {
		return 0, fmt.Errorf("read memory of %s: %w", s.Name, err)
	}
	_, rest, found := strings.Cut(string(text), key)
	fields := strings.Fields(rest)
	if !found || len(fields) == 0 {
		return 0, fmt.Errorf("no %s of %s", key, s.Name)
	}
	kilobytes, err := strconv.ParseInt(fields[0], 10, 64)
	return kilobytes * 1024, err
}
