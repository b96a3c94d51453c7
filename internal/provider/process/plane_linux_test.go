package process_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

const (
	planeMarker = "control-plane"
	planeNodes  = 6
	// What runPlane does once it has the directory.
	planeChurn   = "churn"   // starts, kills and removes nodes without end
	planeRelease = "release" // starts one node, lets go and lives on without reaping
)

func planeNode(i int) provider.NodeName {
	return provider.NodeName(fmt.Sprintf("n%d.u1", i))
}

// runPlane is a control plane for a test to kill. It prints a line when it is at work.
func runPlane(how, dir, program string) error {
	p, err := process.New(process.Options{Dir: dir, Programs: programs})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ran := make(chan error, 1)
	go func() { ran <- p.Run(ctx) }()
	if how == planeRelease {
		err = errors.Join(p.Install(ctx, node, nil), p.Start(ctx, node, sleeping()))
		cancel()
		err = errors.Join(err, <-ran)
		fmt.Println("released")
		if err == nil {
			time.Sleep(patience)
		}
		return err
	}
	fmt.Println("at work")
	var all sync.WaitGroup
	for i := range planeNodes {
		all.Go(func() {
			for life := time.Now(); time.Since(life) < patience; {
				_ = p.Install(ctx, planeNode(i), engineFiles())
				_ = p.Start(ctx, planeNode(i), engineLaunch(program))
				if i%2 == 0 {
					_ = p.Kill(ctx, planeNode(i))
				} else if i == 1 {
					_ = p.Remove(ctx, planeNode(i))
				}
			}
		})
	}
	all.Wait()
	return nil
}

// startPlane runs this program as a control plane and waits for its line.
func startPlane(t *testing.T, how, dir, program string) *exec.Cmd {
	t.Helper()
	plane := exec.Command(os.Args[0], planeMarker, how, dir, program)
	plane.Stderr = os.Stderr
	out, err := plane.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := plane.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plane.Process.Kill(); _ = plane.Wait() })
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return plane
}
