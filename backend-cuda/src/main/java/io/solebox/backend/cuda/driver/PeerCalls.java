package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** What one device has to do with the memory of another, and with memory of the host. */
final class PeerCalls {
  private final Function canAccess;
  private final Function enable;
  private final Function disable;
  private final Function copy;
  private final Function devicePointer;

  PeerCalls(SymbolLookup library, ErrorTexts texts) {
    canAccess = new Function(library, texts, "cuDeviceCanAccessPeer", ADDRESS, JAVA_INT, JAVA_INT);
    enable = new Function(library, texts, "cuCtxEnablePeerAccess", JAVA_LONG, JAVA_INT);
    disable = new Function(library, texts, "cuCtxDisablePeerAccess", JAVA_LONG);
    copy =
        new Function(
            library,
            texts,
            "cuMemcpyPeerAsync",
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG);
    devicePointer =
        new Function(library, texts, "cuMemHostGetDevicePointer_v2", ADDRESS, JAVA_LONG, JAVA_INT);
  }

  /** Whether kernels on {@code device} may be let into the memory of {@code peer}. */
  boolean canAccess(int device, int peer) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      canAccess.check(() -> (int) canAccess.handle.invokeExact(out, device, peer));
      return out.get(JAVA_INT, 0) != 0;
    }
  }

  /** Lets the current context into all memory of another; doing it again changes nothing. */
  void enable(long peerContext) {
    int code = enable.code(() -> (int) enable.handle.invokeExact(peerContext, 0));
    if (code != 0 && code != CudaFailure.PEER_ACCESS_ALREADY_ENABLED) {
      throw enable.failure(code).explained("");
    }
  }

  /** Ends what {@link #enable} did. */
  void disable(long peerContext) {
    disable.check(() -> (int) disable.handle.invokeExact(peerContext));
  }

  /** From the memory of one context to that of another; through the host where need be. */
  void copy(long to, long toContext, long from, long fromContext, long bytes, long stream) {
    copy.check(
        () -> (int) copy.handle.invokeExact(to, toContext, from, fromContext, bytes, stream));
  }

  /** Where kernels of the current context find mapped memory of the host. */
  long devicePointer(MemorySegment host) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      long address = host.address();
      devicePointer.check(() -> (int) devicePointer.handle.invokeExact(out, address, 0));
      return out.get(JAVA_LONG, 0);
    }
  }
}
