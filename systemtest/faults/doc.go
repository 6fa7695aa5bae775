// Package faults breaks one thing after another under a running Callboard that has work to do, and counts what became of the work:
// what was acknowledged and is lost, what happened twice, what came out of order, and how long nobody was served. It starts its own
// PostgreSQL and Redis, so that they can be stopped and killed. docs/faults.md tells how to run it, and what came of it.
//
// What it breaks is the table in faults_test.go, an entry for each fault.
package faults
