package io.solebox.app.airgap.filter;

import io.solebox.app.airgap.filter.Assembler.Label;

/**
 * The calls that are decided by their arguments. A filter sees these as numbers of 64 bits and
 * cannot follow those that are addresses; where the kernel reads an {@code int}, its low word alone
 * counts.
 */
final class ArgumentRules {
  /** Of {@code struct seccomp_data}: number, architecture, place of the call, six arguments. */
  private static final int ARGUMENTS = 16;

  /** {@code linux/socket.h}, {@code linux/net.h}. */
  static final int AF_UNIX = 1;

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_STREAM = 1;
  static final int SOCK_SEQPACKET = 5;
  static final int SOCK_TYPE = 0xf;
  static final int IPPROTO_TCP = 6;
  static final int MSG_FASTOPEN = 0x2000_0000;

  /** {@code linux/sched.h}. */
  static final int CLONE_THREAD = 0x0001_0000;

  /** A namespace of one's own: mounts, cgroups, names, IPC, users, processes, network. */
  static final int CLONE_NEW = 0x7e02_0000;

  /** Puts a character into a terminal's input, for whoever reads there next. */
  static final int TIOCSTI = 0x5412;

  /** Pastes into a console. */
  static final int TIOCLINUX = 0x541c;

  /** Opens a network interface of one's own. */
  static final int TUNSETIFF = 0x4004_54ca;

  /** The type of those that set up virtual devices which the kernel serves. */
  static final int VHOST = 0xaf00;

  private static final int IOCTL_TYPE = 0xff00;

  private final Assembler program;
  private final Label allow = new Label();
  private final Label refuse = new Label();

  private ArgumentRules(Assembler program) {
    this.program = program;
  }

  /**
   * Streams over IP, which can be listened at and not connected, as {@code connect} is refused.
   * Local sockets with connections too, which the CUDA driver and the JVM listen at. Neither sends
   * anything before it is connected.
   */
  static void socket(Assembler program, int allow, int refuse) {
    var rules = new ArgumentRules(program);
    var local = new Label();
    var stream = new Label();
    program.load(low(0)).ifEqual(AF_UNIX, local);
    program.ifEqual(AF_INET, stream).unlessEqual(AF_INET6, rules.refuse);
    program.place(stream).load(low(1)).and(SOCK_TYPE).unlessEqual(SOCK_STREAM, rules.refuse);
    program.load(low(2)).ifEqual(0, rules.allow).ifEqual(IPPROTO_TCP, rules.allow);
    program.end(refuse);
    program.place(local).load(low(1)).and(SOCK_TYPE).ifEqual(SOCK_STREAM, rules.allow);
    program.unlessEqual(SOCK_SEQPACKET, rules.refuse);
    rules.end(allow, refuse);
  }

  /** Java's files and sockets are closed by way of a pair. */
  static void socketpair(Assembler program, int allow, int refuse) {
    var rules = new ArgumentRules(program);
    program.load(low(0)).unlessEqual(AF_UNIX, rules.refuse);
    program.load(low(1)).and(SOCK_TYPE).unlessEqual(SOCK_STREAM, rules.refuse);
    rules.end(allow, refuse);
  }

  /** To whom the socket is connected, and nobody else: without an address. */
  static void sendto(Assembler program, int allow, int refuse) {
    var rules = new ArgumentRules(program);
    program.load(low(4)).unlessEqual(0, rules.refuse);
    program.load(high(4)).unlessEqual(0, rules.refuse);
    program.load(low(3)).ifAnyBit(MSG_FASTOPEN, rules.refuse);
    rules.end(allow, refuse);
  }

  /** Threads, and no processes. */
  static void clone(Assembler program, int allow, int refuse) {
    var rules = new ArgumentRules(program);
    program.load(low(0)).unlessAnyBit(CLONE_THREAD, rules.refuse);
    program.ifAnyBit(CLONE_NEW, rules.refuse);
    rules.end(allow, refuse);
  }

  /** Devices are spoken to, as GPUs are, but not made, nor a terminal typed into. */
  static void ioctl(Assembler program, int allow, int refuse) {
    var rules = new ArgumentRules(program);
    program.load(low(1)).ifEqual(TIOCSTI, rules.refuse).ifEqual(TIOCLINUX, rules.refuse);
    program.ifEqual(TUNSETIFF, rules.refuse);
    program.and(IOCTL_TYPE).ifEqual(VHOST, rules.refuse);
    rules.end(allow, refuse);
  }

  private void end(int allowed, int refused) {
    program.place(allow).end(allowed).place(refuse).end(refused);
  }

  private static int low(int argument) {
    return ARGUMENTS + argument * Long.BYTES;
  }

  private static int high(int argument) {
    return low(argument) + Integer.BYTES;
  }
}
