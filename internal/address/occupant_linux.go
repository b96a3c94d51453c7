package address

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/sys/unix"
)

// Occupied reports whether somebody has an address, so that nobody else can listen there. It does not
// listen, not even for an instant: a client would come in, and whoever is to have the address could not.
func Occupied(at netip.AddrPort) bool {
	family, socket := socketAddress(at)
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer func() { _ = unix.Close(fd) }()
	// As engines do: connections that have ended are in nobody's way.
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return false
	}
	// An address that this machine does not have yet may be occupied by whoever listens at all addresses.
	if err := freebind(fd, family); err != nil {
		return false
	}
	return errors.Is(unix.Bind(fd, socket), unix.EADDRINUSE)
}

func freebind(fd, family int) error {
	if family == unix.AF_INET {
		return unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_FREEBIND, 1)
	}
	return unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_FREEBIND, 1)
}

func socketAddress(at netip.AddrPort) (family int, socket unix.Sockaddr) {
	if address := at.Addr().Unmap(); address.Is4() {
		return unix.AF_INET, &unix.SockaddrInet4{Addr: address.As4(), Port: int(at.Port())}
	}
	return unix.AF_INET6, &unix.SockaddrInet6{Addr: at.Addr().As16(), Port: int(at.Port())}
}

// FindOccupant says who has an address. It looks through the open files of every process that
// it may look into, so it is not for every day.
func FindOccupant(at netip.AddrPort) Occupant {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		uid, inode, found := findSocket(table, at)
		if !found {
			continue
		}
		occupant := Occupant{User: uid}
		if known, err := user.LookupId(uid); err == nil {
			occupant.User = known.Username
		}
		occupant.PID, occupant.Program = findProcess(inode)
		return occupant
	}
	return Occupant{}
}

// The columns of the kernel's tables of sockets; see proc(5).
const (
	columnLocal = 1
	columnState = 3
	columnUser  = 7
	columnInode = 9
	columns     = 10

	stateListen = "0A"
	noInode     = "0" // the socket belongs to nobody any more
)

// findSocket looks for a socket at the address, or at all addresses; first of all for one that listens.
func findSocket(table string, at netip.AddrPort) (uid, inode string, found bool) {
	file, err := os.Open(table)
	if err != nil {
		return "", "", false
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < columns || fields[columnInode] == noInode {
			continue
		}
		host, port, _ := strings.Cut(fields[columnLocal], ":")
		if port != fmt.Sprintf("%04X", at.Port()) || !covers(host, at.Addr()) {
			continue
		}
		uid, inode, found = fields[columnUser], fields[columnInode], true
		if fields[columnState] == stateListen {
			break
		}
	}
	return uid, inode, found
}

// covers reports whether a local address, as the kernel writes it, is this one or stands for all. Each group of eight digits
// is four bytes of the address in the machine's order.
func covers(host string, address netip.Addr) bool {
	const digits = 8
	if strings.Trim(host, "0") == "" {
		return address.Is4() || len(host) > digits // what listens on all of IPv4 leaves IPv6 alone
	}
	var bytes []byte
	for len(host) >= digits {
		value, err := strconv.ParseUint(host[:digits], 16, 32)
		if err != nil {
			return false
		}
		bytes = binary.NativeEndian.AppendUint32(bytes, uint32(value))
		host = host[digits:]
	}
	local, _ := netip.AddrFromSlice(bytes)
	return local.Unmap() == address
}

// findProcess looks for the process that has a socket.
func findProcess(inode string) (pid int, program string) {
	socket := "socket:[" + inode + "]"
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range processes {
		files, err := os.ReadDir(filepath.Join(dir, "fd"))
		if err != nil {
			continue // another user's, or gone
		}
		for _, file := range files {
			if to, err := os.Readlink(filepath.Join(dir, "fd", file.Name())); err != nil || to != socket {
				continue
			}
			pid, _ = strconv.Atoi(filepath.Base(dir))
			name, _ := os.ReadFile(filepath.Join(dir, "comm"))
			return pid, printable(string(name))
		}
	}
	return 0, ""
}

// printable leaves out of a name, which a process chooses itself, what does more than to be read.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, name)
}
