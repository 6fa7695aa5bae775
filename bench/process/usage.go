package process

import (
	"fmt"
	"os"
	"time"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// tick is the unit in which Linux counts CPU time; it is the same on all its platforms.
const tick = 10 * time.Millisecond

// CPU returns the user and system time that the program and its children have taken so far.
func (s *Server) CPU() (time.Duration, error) {
	all, err := processes()
	if err != nil {
		return 0, err
	}
	if all[s.PID].PID == 0 {
		return 0, fmt.Errorf("%s has ended: %s", s.Kind, s.log)
	}
	var sum time.Duration
	for pid, p := range all {
		if descends(pid, s.PID, all) {
			sum += cpu(p)
		}
	}
	return sum, nil
}

func descends(pid, from int, all map[int]procfs.ProcStat) bool {
	for ; pid != 0; pid = all[pid].PPID {
		if pid == from {
			return true
		}
	}
	return false
}

// OwnCPU returns the time that this program has taken so far.
func OwnCPU() (time.Duration, error) {
	var u unix.Rusage
	err := unix.Getrusage(unix.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
}

// PostgresCPU returns the time that all processes of PostgreSQL on this machine have taken so far, whatever database they
// worked for. The time of connections that were closed is in that of their parent.
func PostgresCPU() (time.Duration, error) {
	all, err := processes()
	var sum time.Duration
	for _, p := range all {
		if p.Comm == "postgres" {
			sum += cpu(p)
		}
	}
	return sum, err
}

// cpu includes the children that have ended.
func cpu(p procfs.ProcStat) time.Duration {
	return time.Duration(int(p.UTime+p.STime)+p.CUTime+p.CSTime) * tick
}

func processes() (map[int]procfs.ProcStat, error) {
	list, err := procfs.AllProcs()
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	all := make(map[int]procfs.ProcStat, len(list))
	for _, p := range list {
		if stat, err := p.Stat(); err == nil { // else it has just ended
			all[stat.PID] = stat
		}
	}
	return all, nil
}

// Memory returns how many bytes of the program are in RAM, and the most that ever were or since ForgetPeak.
func (s *Server) Memory() (rss, peak int64, err error) {
	p, err := procfs.NewProc(s.PID)
	if err != nil {
		return 0, 0, fmt.Errorf("read memory of %s: %w", s.Kind, err)
	}
	status, err := p.NewStatus()
	if err != nil {
		return 0, 0, fmt.Errorf("read memory of %s: %w", s.Kind, err)
	}
	return int64(status.VmRSS), int64(status.VmHWM), nil
}

// ForgetPeak has the kernel count the peak anew from what is in RAM now, so that a peak at the start does not hide a later
// one.
func (s *Server) ForgetPeak() error {
	const resetPeak = "5"
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.PID), []byte(resetPeak), 0); err != nil {
		return fmt.Errorf("forget the peak of the memory of %s: %w", s.Kind, err)
	}
	return nil
}
