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

// CPU returns the user and system time that the program has taken so far, with that of children that have ended.
func (s *Server) CPU() (time.Duration, error) {
	p, err := procfs.NewProc(s.PID)
	if err != nil {
		return 0, fmt.Errorf("%s has ended: %s", s.Kind, s.log)
	}
	stat, err := p.Stat()
	return cpu(stat), err
}

// OwnCPU returns the time that this program has taken so far.
func OwnCPU() time.Duration {
	var u unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &u) // which cannot fail
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// CPUOf returns the time that all processes of that name on this machine have taken so far, such as those of PostgreSQL, whatever
// database they worked for. The time of children that have ended is in that of their parent.
func CPUOf(name string) (sum time.Duration, err error) {
	all, err := procfs.AllProcs()
	for _, p := range all {
		if stat, err := p.Stat(); err == nil && stat.Comm == name { // else it has just ended
			sum += cpu(stat)
		}
	}
	return sum, err
}

func cpu(p procfs.ProcStat) time.Duration {
	return time.Duration(int(p.UTime+p.STime)+p.CUTime+p.CSTime) * tick
}

// Memory returns how many bytes of the program are in RAM, and the most that ever were or since ForgetPeak.
func (s *Server) Memory() (rss, peak int64, err error) {
	p, err := procfs.NewProc(s.PID)
	if err != nil {
		return 0, 0, fmt.Errorf("read memory of %s: %w", s.Kind, err)
	}
	status, err := p.NewStatus()
	return int64(status.VmRSS), int64(status.VmHWM), err
}

// ForgetPeak has the kernel count the peak anew, so that one at the start does not hide a later one.
func (s *Server) ForgetPeak() error {
	const resetPeak = "5"
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.PID), []byte(resetPeak), 0); err != nil {
		return fmt.Errorf("forget the peak of the memory of %s: %w", s.Kind, err)
	}
	return nil
}
