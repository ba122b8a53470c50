package contract

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"unsafe"
)

// The sizes and offsets of the canonical ABI, which Go must have come to.
func TestLayoutsAreThoseOfTheCanonicalABI(t *testing.T) {
	var socketAddress address
	var ipAddress ip
	for name, sizes := range map[string][2]uintptr{
		"ip-socket-address":            {unsafe.Sizeof(socketAddress), 32},
		"its payload":                  {unsafe.Offsetof(socketAddress.payload), 4},
		"ip-address":                   {unsafe.Sizeof(ipAddress), 18},
		"the payload of an ip-address": {unsafe.Offsetof(ipAddress.payload), 2},
	} {
		if sizes[0] != sizes[1] {
			t.Errorf("%s: %d bytes, not %d", name, sizes[0], sizes[1])
		}
	}
}

func TestAnAddressFromMemoryHasFamilyPortAndScope(t *testing.T) {
	four := address{tag: 0}
	binary.LittleEndian.PutUint16(four.payload[:], 53)
	copy(four.payload[2:], []byte{192, 0, 2, 1})
	same(t, four.decode(), "192.0.2.1:53")

	six := address{tag: 1}
	binary.LittleEndian.PutUint16(six.payload[:], 5353)
	for i, group := range []uint16{0xfe80, 0, 0, 0, 0, 0, 0, 0x1234} {
		binary.LittleEndian.PutUint16(six.payload[8+2*i:], group)
	}
	binary.LittleEndian.PutUint32(six.payload[24:], 7)
	same(t, six.decode(), "[fe80::1234%7]:5353")
}

func TestAnAddressAsParametersIsWhatBothFamiliesNeed(t *testing.T) {
	for text, expected := range map[string]flat{
		"192.0.2.1:53":        {1, 0, [11]uint32{53, 192, 0, 2, 1}},
		"[2001:db8::5]:9":     {1, 1, [11]uint32{9, 0, 0x2001, 0xdb8, 0, 0, 0, 0, 0, 5, 0}},
		"[fe80::1%3]:65535":   {1, 1, [11]uint32{65535, 0, 0xfe80, 0, 0, 0, 0, 0, 0, 1, 3}},
		"[::ffff:1.2.3.4]:80": {1, 1, [11]uint32{80, 0, 0, 0, 0, 0, 0, 0xffff, 0x102, 0x304, 0}},
	} {
		if got := flatten(netip.MustParseAddrPort(text)); got != expected {
			t.Errorf("%s: %v, not %v", text, got, expected)
		}
	}
	if got := flatten(netip.AddrPort{}); got != (flat{}) {
		t.Errorf("none: %v", got)
	}
}

func TestAnIPComesBackFromMemoryAsItWent(t *testing.T) {
	for _, text := range []string{"0.0.0.0", "239.255.77.9", "::", "ff02::fb", "2001:db8:1:2:3:4:5:6"} {
		address := netip.MustParseAddr(text)
		memory := encodeIP(address)
		if got := memory.decode(); got != address {
			t.Errorf("%s came back as %s", text, got)
		}
	}
}

func TestABurstIsTakenInOrderAndIPv4IsToldAsIPv4(t *testing.T) {
	var burst Burst
	add := func(data, from string) {
		source := netip.MustParseAddrPort(from)
		header := make([]byte, Stride)
		binary.LittleEndian.PutUint32(header, uint32(len(data)))
		binary.LittleEndian.PutUint16(header[6:], source.Port())
		binary.LittleEndian.PutUint32(header[12:], Scope(source.Addr()))
		bytes := source.Addr().As16()
		copy(header[16:], bytes[:])
		burst.headers, burst.payload = append(burst.headers, header...), append(burst.payload, data...)
	}
	froms := []string{"127.0.0.1:1000", "[2001:db8::1]:2000", "[fe80::1%2]:3000"}
	datas := []string{"one", "", "three"}
	for i := range froms {
		add(datas[i], froms[i])
	}
	for i := range froms {
		data, from := burst.Next()
		same(t, from, froms[i])
		if string(data) != datas[i] || burst.Len() != len(froms)-1-i {
			t.Errorf("%q, and %d left", data, burst.Len())
		}
	}
}

func TestEachCodeHasItsName(t *testing.T) {
	for code, name := range map[ErrorCode]string{
		Unknown: "unknown", WouldBlock: "would-block", PermanentResolverFailure: "permanent-resolver-failure", 200: "unknown",
	} {
		if code.Error() != name {
			t.Errorf("%d is %s, not %s", code, code.Error(), name)
		}
	}
}

func same(t *testing.T, got netip.AddrPort, expected string) {
	t.Helper()
	if got.String() != expected {
		t.Errorf("%s, not %s", got, expected)
	}
}
