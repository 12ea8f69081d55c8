package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.kernel.Errors;
import io.solebox.app.airgap.kernel.Kernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Ways out through other programs, other processes, and the kernel itself. */
final class SystemAttempts {
  private static final String NOWHERE = "/nonexistent/solebox";
  private static final int AT_FDCWD = -100;
  private static final int PTRACE_SEIZE = 0x4206;
  private static final int CLONE_NEWNET = 0x4000_0000;
  private static final int TIOCSTI = 0x5412;
  private static final int TUNSETIFF = 0x4004_54ca;
  private static final int VHOST_SET_OWNER = 0xaf01;
  private static final int PROCESS_KEYRING = -2;
  private static final int USER_MODE_ONLY = 1;

  /** Of {@code struct io_uring_params} and {@code union bpf_attr}, and more. */
  private static final int PARAMETER_BYTES = 256;

  private static final int ENOENT = 2;
  private static final int EBADF = 9;
  private static final int EFAULT = 14;
  private static final int EINVAL = 22;

  private final Grounds grounds;
  private final Kernel kernel;
  private final Calls calls;

  SystemAttempts(Grounds grounds, Kernel kernel) {
    this.grounds = grounds;
    this.kernel = kernel;
    this.calls = new Calls(kernel);
  }

  List<Attempt> all() {
    return List.of(
        new Attempt("io-uring", "io_uring, whose calls no filter sees", this::uring),
        new Attempt("clone3", "clone3, whose flags no filter sees", () -> call("clone3", EINVAL)),
        new Attempt("execve", "another program in place of this one", this::execute),
        new Attempt("execveat", "the same by execveat", this::executeAt),
        new Attempt("ptrace", "ptrace of another process", this::trace),
        new Attempt("process-read", "another process's memory, by a call", this::readMemory),
        new Attempt("process-file", "another process's memory, by /proc", this::openMemory),
        new Attempt("pidfd-getfd", "another process's descriptor", this::takeDescriptor),
        new Attempt("bpf", "a program of the kernel's (bpf)", this::program),
        new Attempt("userfaultfd", "userfaultfd", this::userFaults),
        new Attempt("perf", "perf_event_open", () -> call("perf_event_open", EFAULT)),
        new Attempt("unshare", "a network of its own (unshare)", this::unshare),
        new Attempt("setns", "another network (setns)", () -> badFile("setns", 0)),
        new Attempt("mount", "a file system mounted", this::mount),
        new Attempt("kexec", "another kernel", () -> kexec()),
        new Attempt("add-key", "a key of the kernel's", this::addKey),
        new Attempt("message-queue", "a message queue", this::queue),
        new Attempt("terminal", "typing into a terminal", () -> badFile("ioctl", TIOCSTI)),
        new Attempt("tun", "a network interface", () -> badFile("ioctl", TUNSETIFF)),
        new Attempt("vhost", "a device of vhost", () -> badFile("ioctl", VHOST_SET_OWNER)),
        new Attempt("newer-call", "a call that is newer than the filter", this::newest));
  }

  private Answer call(String name, int reached) {
    return calls.answer(kernel.call(name, 0, 0, 0, 0, 0), reached);
  }

  /** The kernel looks at the descriptor first, so -1 shows whether it got there. */
  private Answer badFile(String name, int what) {
    return calls.answer(kernel.call(name, -1, what, 0), EBADF);
  }

  private Answer uring() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = arena.allocate(PARAMETER_BYTES, Long.BYTES);
      return calls.descriptor(kernel.call("io_uring_setup", 1, parameters.address()));
    }
  }

  /** A program that is not there: else this one would be over where nothing holds it. */
  private Answer execute() {
    try (Arena arena = Arena.ofConfined()) {
      return calls.answer(
          kernel.call("execve", arena.allocateFrom(NOWHERE).address(), 0, 0), ENOENT);
    }
  }

  private Answer executeAt() {
    try (Arena arena = Arena.ofConfined()) {
      long path = arena.allocateFrom(NOWHERE).address();
      return calls.answer(kernel.call("execveat", AT_FDCWD, path, 0, 0, 0), ENOENT);
    }
  }

  /** Without stopping it; it is let go when this process ends. */
  private Answer trace() {
    return calls.answer(kernel.call("ptrace", PTRACE_SEIZE, grounds.process(), 0, 0));
  }

  private Answer readMemory() {
    try (Arena arena = Arena.ofConfined()) {
      int bytes = Grounds.SECRET.length();
      MemorySegment here = vector(arena, arena.allocate(bytes).address(), bytes);
      MemorySegment there = vector(arena, grounds.address(), bytes);
      return calls.answer(
          kernel.call(
              "process_vm_readv", grounds.process(), here.address(), 1, there.address(), 1, 0));
    }
  }

  private static MemorySegment vector(Arena arena, long address, long bytes) {
    return arena.allocateFrom(ValueLayout.JAVA_LONG, address, bytes);
  }

  private Answer openMemory() throws IOException {
    Path memory = Path.of("/proc", "" + grounds.process(), "mem");
    try (FileChannel file =
        FileChannel.open(memory, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer read = ByteBuffer.allocate(Grounds.SECRET.length());
      file.read(read, grounds.address());
      return new Answer.Through(
          "read '" + new String(read.array(), StandardCharsets.UTF_8) + "', and may write");
    }
  }

  private Answer takeDescriptor() {
    long process = kernel.call("pidfd_open", grounds.process(), 0);
    if (process < 0) {
      return new Answer.Held("pidfd_open: " + Errors.name(process));
    }
    try {
      return calls.descriptor(kernel.call("pidfd_getfd", process, 1, 0));
    } finally {
      kernel.call("close", process);
    }
  }

  /** A map that cannot be, which the kernel says to those who may make one. */
  private Answer program() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(PARAMETER_BYTES, Long.BYTES);
      return calls.answer(kernel.call("bpf", 0, attributes.address(), 72), EINVAL);
    }
  }

  private Answer userFaults() {
    return calls.descriptor(kernel.call("userfaultfd", USER_MODE_ONLY));
  }

  /** In a thread of its own, which then ends. */
  private Answer unshare() throws InterruptedException {
    var result = new long[1];
    Thread thread =
        Thread.ofPlatform().start(() -> result[0] = kernel.call("unshare", CLONE_NEWNET));
    thread.join();
    return calls.answer(result[0]);
  }

  private Answer mount() {
    try (Arena arena = Arena.ofConfined()) {
      long place = arena.allocateFrom(NOWHERE).address();
      long kind = arena.allocateFrom("tmpfs").address();
      return calls.answer(kernel.call("mount", kind, place, kind, 0, 0), ENOENT);
    }
  }

  /** With flags that do not exist, which only those hear who may do it. */
  private Answer kexec() {
    return calls.answer(kernel.call("kexec_load", 0, 0, 0, 0xffff), EINVAL);
  }

  private Answer addKey() {
    try (Arena arena = Arena.ofConfined()) {
      long type = arena.allocateFrom("user").address();
      long name = arena.allocateFrom("solebox-airgap").address();
      return calls.answer(kernel.call("add_key", type, name, name, 1, PROCESS_KEYRING));
    }
  }

  /** One that is not there. */
  private Answer queue() {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom("solebox-airgap").address();
      return calls.answer(kernel.call("mq_open", name, 0, 0, 0), ENOENT);
    }
  }

  private Answer newest() {
    return calls.answer(kernel.call(1000));
  }
}
