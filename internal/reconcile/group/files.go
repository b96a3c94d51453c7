package group

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"os"
	"slices"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/policy"
	"github.com/aikagi/aikagi/internal/provider"
)

// files renders everything that a node's process reads when it starts. A
// certificate that is still good is used again.
func (s *session) files(g *replication.Group, node *replication.Node, source, modulePath string) ([]provider.File, error) {
	engineModule, err := s.moduleFile(modulePath)
	if err != nil {
		return nil, err
	}
	config := engine.RenderConfig(engine.Settings{
		Address: node.ServiceAddress(), ReplicateTLS: g.Transit.TLS(),
		Primary: s.addressOf(g, source), MaxMemory: s.uses.Parameters.MaxMemory(g.NodeType), Parameters: s.startSettings(g, node),
		IOThreads: engine.IOThreads(cache.NodeVCPUs(g.NodeType), provider.ProcessorsOf(s.Provider)),
		AdminFile: provider.AdminSocket, LogFile: provider.EngineLog,
		NodeUID: node.UID, GroupUID: g.UID, Keyring: s.Keyring,
	})
	settings, err := engine.RenderModule(s.Keyring, node.UID, s.Network)
	if err != nil {
		return nil, err
	}
	files := []provider.File{
		{Name: engine.ConfigFile, Data: config}, {Name: engine.ModuleFile, Data: settings}, engineModule,
		s.accessFile(g, node, g.Version()),
	}
	files = append(files, provider.File{Name: engine.AuthorityFile, Data: s.Authority.CertPEM()})
	name := engine.CertificateFiles[0]
	names, addresses := s.certificateNames(g, node)
	current, err := s.Provider.ReadFile(provider.NameOf(node), name)
	if err == nil && whole(current) && !s.Authority.NeedsRenewal(current, s.Now(), names, addresses) {
		return files, nil
	}
	certificate, err := s.certificateFile(g, node, name)
	if err != nil {
		return nil, err
	}
	return append(files, certificate), nil
}

// moduleFile is how a node finds the engine module.
func (s *session) moduleFile(path string) (provider.File, error) {
	if !s.CopyModule {
		return provider.File{Name: engine.ModuleLink, Link: path}, nil
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return provider.File{}, fmt.Errorf("%w: %w", errModule, err)
	}
	return provider.File{Name: engine.ModuleLink, Data: program, Executable: true}, nil
}

// whole reports whether a file has a certificate and its key: a power cut may have
// left less.
func whole(bundle []byte) bool {
	_, err := tls.X509KeyPair(bundle, bundle)
	return err == nil
}

// accessFile is for a process of the given version, which may be an older one than the group's: it runs until the
// node is restarted.
func (s *session) accessFile(g *replication.Group, node *replication.Node, version cache.EngineVersion) provider.File {
	return provider.File{
		Name: engine.AccessFile,
		Data: engine.RenderAccess(callersOf(g, s.uses.Users), rightsIn(g, version), s.Keyring.Secrets(node.UID, g.UID)),
	}
}

// rightsIn are what clients of a group may do on a node that runs this version.
func rightsIn(g *replication.Group, version cache.EngineVersion) engine.Rights {
	return engine.Rights{Version: version, Allow: policy.Allowance{Restore: g.Tags.AllowsRestore()}}
}

func (s *session) certificateFile(g *replication.Group, node *replication.Node, name string) (provider.File, error) {
	names, addresses := s.certificateNames(g, node)
	certificate, err := s.Authority.Issue(names, addresses)
	if err != nil {
		return provider.File{}, err
	}
	return provider.File{Name: name, Data: certificate.Bundle()}, nil
}

// certificateNames are what a node's certificate vouches for: its own name and addresses
// and those of its shard's endpoints, whichever of them the node serves just now, and what this machine is called. What the authority
// may not vouch for is left out; the server says so when it starts.
func (s *session) certificateNames(g *replication.Group, node *replication.Node) ([]string, []netip.Addr) {
	var addresses []netip.Addr
	shard := g.ShardOf(node.ID)
	for _, at := range slices.Concat(g.Own(node), g.Primaries(shard), g.Readers(shard)) {
		if !slices.Contains(addresses, at.Addr()) {
			addresses = append(addresses, at.Addr())
		}
	}
	names := s.Domain.Certified(g, node)
	if called := g.Calls(s.Advertise); called != "" {
		if address, err := netip.ParseAddr(called); err == nil {
			addresses = append(addresses, address)
		} else {
			names = append(names, called)
		}
	}
	return s.Authority.Permitted(names, addresses)
}

// addressOf is where a node replicates from; zero for no node.
func (s *session) addressOf(g *replication.Group, nodeID string) netip.AddrPort {
	node := g.Node(nodeID)
	if node == nil {
		return netip.AddrPort{}
	}
	return node.ServiceAddress()
}
