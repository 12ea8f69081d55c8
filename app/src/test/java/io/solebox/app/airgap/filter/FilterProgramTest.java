package io.solebox.app.airgap.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The filter of both architectures, run by an interpreter: that of ARM64 can be shown on no other
 * machine otherwise.
 */
class FilterProgramTest {
  private static final int ALLOW = FilterProgram.ALLOW;
  private static final int REFUSE = FilterProgram.REFUSE;
  private static final int ABSENT = FilterProgram.ABSENT;

  private static final long ADDRESS = 0x7f00_0000_1000L;
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;
  private static final int RAW = 3;
  private static final int CLOEXEC_NONBLOCK = 0x8_0800;

  /** Of {@code pthread_create} in glibc, without which there is no Java. */
  private static final long THREAD = 0x3d_0f00;

  /** Calls that differ by their arguments, and those that must be refused whatever they say. */
  private record Case(int verdict, String call, long... arguments) {}

  private static final List<Case> CASES =
      List.of(
          new Case(ALLOW, "socket", 2, STREAM, 0),
          new Case(ALLOW, "socket", 10, STREAM | CLOEXEC_NONBLOCK, 6),
          new Case(ALLOW, "socket", 1, STREAM | CLOEXEC_NONBLOCK, 0),
          new Case(ALLOW, "socket", 1, 5, 0),
          new Case(REFUSE, "socket", 1, DATAGRAM, 0),
          new Case(REFUSE, "socket", 2, DATAGRAM, 0),
          new Case(REFUSE, "socket", 2, DATAGRAM | CLOEXEC_NONBLOCK, 17),
          new Case(REFUSE, "socket", 10, DATAGRAM, 0),
          new Case(REFUSE, "socket", 2, DATAGRAM, 1), // ICMP without privileges
          new Case(REFUSE, "socket", 2, RAW, 1),
          new Case(REFUSE, "socket", 10, RAW, 58),
          new Case(REFUSE, "socket", 2, STREAM, 132), // SCTP
          new Case(REFUSE, "socket", 2, STREAM, 262), // MPTCP
          new Case(REFUSE, "socket", 2, 5, 132),
          new Case(REFUSE, "socket", 2, 6, 33), // DCCP
          new Case(REFUSE, "socket", 16, RAW, 0), // netlink
          new Case(REFUSE, "socket", 17, RAW, 0x0300), // packet
          new Case(REFUSE, "socket", 38, 5, 0), // the kernel's ciphers
          new Case(REFUSE, "socket", 40, STREAM, 0), // vsock
          new Case(REFUSE, "socket", 31, STREAM, 3), // bluetooth
          new Case(REFUSE, "socket", 44, RAW, 0), // XDP
          new Case(REFUSE, "socket", 43, STREAM, 0), // SMC
          new Case(REFUSE, "socket", 29, RAW, 1), // CAN
          // The kernel reads an int: what stands above it does not count.
          new Case(REFUSE, "socket", 0x1_0000_0010L, RAW, 0),
          new Case(ALLOW, "socket", 0x1_0000_0002L, 0x1_0000_0001L, 0),
          new Case(ALLOW, "socketpair", 1, STREAM | CLOEXEC_NONBLOCK, 0),
          new Case(REFUSE, "socketpair", 1, DATAGRAM, 0),
          new Case(REFUSE, "socketpair", 2, STREAM, 0),
          new Case(ALLOW, "sendto", 5, ADDRESS, 8, 0, 0, 0),
          new Case(ALLOW, "sendto", 5, ADDRESS, 8, 0x4000, 0, 0), // without SIGPIPE
          new Case(REFUSE, "sendto", 5, ADDRESS, 8, 0, ADDRESS, 16),
          new Case(REFUSE, "sendto", 5, ADDRESS, 8, 0, 0x1_0000_0000L, 16),
          new Case(REFUSE, "sendto", 5, ADDRESS, 8, 0, 1, 16),
          new Case(REFUSE, "sendto", 5, ADDRESS, 8, 0x2000_0000, 0, 0),
          new Case(ALLOW, "clone", THREAD, ADDRESS),
          new Case(REFUSE, "clone", 17, 0), // fork
          new Case(REFUSE, "clone", 0x4111, ADDRESS), // posix_spawn
          new Case(REFUSE, "clone", THREAD | 0x4000_0000, ADDRESS), // a network of its own
          new Case(REFUSE, "clone", THREAD | 0x1000_0000, ADDRESS),
          new Case(REFUSE, "clone", THREAD | 0x0002_0000, ADDRESS),
          new Case(ALLOW, "ioctl", 1, 0x5413, ADDRESS), // the size of a terminal
          new Case(ALLOW, "ioctl", 9, 0xc020_462aL, ADDRESS), // a GPU's driver
          new Case(ALLOW, "ioctl", 9, 27, ADDRESS),
          new Case(REFUSE, "ioctl", 0, 0x5412, ADDRESS),
          new Case(REFUSE, "ioctl", 0, 0x1_0000_5412L, ADDRESS),
          new Case(REFUSE, "ioctl", 0, 0x541c, ADDRESS),
          new Case(REFUSE, "ioctl", 9, 0x4004_54caL, ADDRESS),
          new Case(REFUSE, "ioctl", 9, 0x4008_af60L, ADDRESS));

  private static final Set<String> REFUSED =
      Set.of(
          "connect",
          "sendmsg",
          "sendmmsg",
          "recvmsg",
          "recvmmsg",
          "execve",
          "execveat",
          "ptrace",
          "process_vm_readv",
          "process_vm_writev",
          "pidfd_getfd",
          "bpf",
          "userfaultfd",
          "unshare",
          "setns",
          "mount",
          "kexec_load",
          "kexec_file_load",
          "add_key",
          "request_key",
          "keyctl",
          "perf_event_open");

  private static final Set<String> HIDDEN =
      Set.of("io_uring_setup", "io_uring_enter", "io_uring_register", "clone3");

  private static final Set<String> NEEDED =
      Set.of(
          "read",
          "write",
          "writev",
          "accept4",
          "bind",
          "listen",
          "getpeername",
          "mmap",
          "futex",
          "epoll_pwait",
          "openat",
          "rt_sigaction",
          "exit_group",
          "tgkill",
          "fcntl",
          "renameat2");

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void argumentsDecideWhereTheyCan(Architecture architecture) {
    for (Case one : CASES) {
      int number = SystemCalls.of(architecture).number(one.call());
      assertEquals(
          one.verdict(), verdict(architecture, number, one.arguments()), () -> one.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void waysOutAreRefusedWhateverTheySay(Architecture architecture) {
    SystemCalls calls = SystemCalls.of(architecture);
    REFUSED.forEach(
        name -> assertEquals(REFUSE, verdict(architecture, calls.number(name), 0, 0, 0), name));
    HIDDEN.forEach(
        name -> assertEquals(ABSENT, verdict(architecture, calls.number(name), 0, 0, 0), name));
    NEEDED.forEach(
        name -> assertEquals(ALLOW, verdict(architecture, calls.number(name), 0, 0, 0), name));
    for (String name : List.of("fork", "vfork")) {
      calls
          .find(name)
          .ifPresent(number -> assertEquals(REFUSE, verdict(architecture, number), name));
    }
  }

  /** Each number of the table, and those beside it, is decided as the table says. */
  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everyNumberHasTheVerdictOfTheTable(Architecture architecture) {
    var verdicts = SystemCalls.of(architecture).verdicts();
    var fixed = Map.of(Verdict.ALLOW, ALLOW, Verdict.REFUSE, REFUSE, Verdict.ABSENT, ABSENT);
    var seen = EnumSet.noneOf(Verdict.class);
    for (int number = 0; number < 2 * verdicts.lastKey(); number++) {
      Verdict verdict = verdicts.getOrDefault(number, Verdict.ABSENT);
      seen.add(verdict);
      if (fixed.containsKey(verdict)) {
        assertEquals(fixed.get(verdict), verdict(architecture, number), "number " + number);
      }
    }
    assertEquals(EnumSet.allOf(Verdict.class), seen);
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void callsOfOtherAbisLeadNowhere(Architecture architecture) {
    int connect = SystemCalls.of(architecture).number("connect");
    assertEquals(ABSENT, verdict(architecture, 0x4000_0000 | connect), "x32");
    assertEquals(ABSENT, verdict(architecture, 0x4000_0000), "read of x32");
    assertEquals(ABSENT, verdict(architecture, -1));
    var others = List.of(0x4000_0003, 0x4000_0028, 0xC000_003E, 0xC000_00B7, 0); // i386, ARM
    for (int other : others) {
      if (other != architecture.auditName()) {
        var call = new BpfMachine.Call(other, 0, 0, 0, 0);
        assertEquals(REFUSE, BpfMachine.run(FilterProgram.of(architecture), call), "" + other);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void theProgramIsShort(Architecture architecture) {
    assertTrue(FilterProgram.of(architecture).size() < 300);
  }

  private static int verdict(Architecture architecture, int number, long... arguments) {
    return BpfMachine.run(
        FilterProgram.of(architecture),
        new BpfMachine.Call(architecture.auditName(), number, arguments));
  }
}
