package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.kernel.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** Ways out by functions of the C library, as native code goes them. */
final class LibcAttempts {
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;

  private final Grounds grounds;
  private final Kernel kernel;

  LibcAttempts(Grounds grounds, Kernel kernel) {
    this.grounds = grounds;
    this.kernel = kernel;
  }

  List<Attempt> all() {
    return List.of(
        new Attempt("libc-connect", "connect() of the C library", this::connect),
        new Attempt("libc-system", "system() of the C library", LibcAttempts::system),
        new Attempt("libc-lookup", "getaddrinfo() of the C library", true, LibcAttempts::lookUp));
  }

  private Answer connect() {
    long socket = kernel.call("socket", AF_INET, SOCK_STREAM, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = Addresses.loopback4(arena, grounds.port4());
      MethodHandle connect =
          function(
              "connect",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));
      int result = (int) connect.invokeExact((int) socket, address, (int) address.byteSize());
      return result == 0 ? new Answer.Through("connected") : new Answer.Held("it gave -1");
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    } finally {
      kernel.call("close", socket);
    }
  }

  private static Answer system() {
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle system =
          function("system", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      int result = (int) system.invokeExact(arena.allocateFrom("exit 0"));
      return result == 0 ? new Answer.Through("it ran") : new Answer.Held("it gave " + result);
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  private static Answer lookUp() {
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle look =
          function(
              "getaddrinfo",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS));
      MemorySegment name = arena.allocateFrom("airgap-" + System.nanoTime() + ".example.com");
      MemorySegment found = arena.allocate(ValueLayout.ADDRESS);
      int result = (int) look.invokeExact(name, MemorySegment.NULL, MemorySegment.NULL, found);
      return result == 0
          ? new Answer.Through("an address")
          : new Answer.Held("error " + result + " of netdb.h");
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor shape) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
  }
}
