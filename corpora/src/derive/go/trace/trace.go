// Package drift_trace is what instrumented functions call first. The line numbers that the rewriter made up say which call
// entered them: in the file "s" they are numbers of calls.
package drift_trace

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
)

const (
	// Frames further up than this are not looked at for who called what is outside.
	maxFrames = 64
	// Looks at the stack for one definition that is entered from one place: what is called back may have several callers.
	maxLooks = 1000
)

var (
	mutex   sync.Mutex
	written = map[string]bool{}
	// How often what is entered from a place was looked up there; a thousand times is enough.
	looked = map[pair]int{}
	out    *os.File
	root   = os.Getenv("DRIFT_TRACE_ROOT")
)

type pair struct {
	caller     uintptr
	definition int
}

func init() {
	name := os.Getenv("DRIFT_TRACE_FILE")
	if name == "" {
		return
	}
	out, _ = os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0644)
	write(fmt.Sprintf("[%q,%q]", "t", os.Getenv("DRIFT_TRACE_TEST")))
}

// Enter says that a definition starts to run.
func Enter(definition int) {
	if out == nil {
		return
	}
	var counters [maxFrames]uintptr
	if runtime.Callers(3, counters[:1]) == 0 {
		return
	}
	mutex.Lock()
	looked[pair{counters[0], definition}]++
	isKnown := looked[pair{counters[0], definition}] > maxLooks
	mutex.Unlock()
	if isKnown {
		return
	}
	frames := runtime.CallersFrames(counters[:runtime.Callers(3, counters[:])])
	for depth := 0; ; depth++ {
		frame, more := frames.Next()
		if frame.File == "s" {
			kind := "d"
			if depth > 0 {
				// Something outside that was called there called this.
				kind = "c"
			}
			mutex.Lock()
			if depth == 0 {
				looked[pair{counters[0], definition}] = maxLooks
			}
			write(fmt.Sprintf("[%d,%q,%d]", frame.Line, kind, definition))
			mutex.Unlock()
			return
		}
		// A deferred call, a test, or the start of a goroutine.
		if !more || frame.File == "r" || strings.HasPrefix(frame.File, root) {
			return
		}
	}
}

func write(line string) {
	if !written[line] {
		written[line] = true
		fmt.Fprintln(out, line)
	}
}
