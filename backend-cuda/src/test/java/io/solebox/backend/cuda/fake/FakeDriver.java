package io.solebox.backend.cuda.fake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * {@code libcuda} in Java: each function is a native pointer to a method here, so that the real
 * bindings call it as they would the driver. Streams are lazy, memory begins as NaN, arguments are
 * copied at launch, a call without a context fails, and kernels run in the interpreter.
 */
public final class FakeDriver implements AutoCloseable {
  /** What an image begins with that needs no compiler; behind it stand PTX and a zero. */
  public static final String MACHINE_CODE = "\u007fELF";

  private static final int LAUNCH_FAILED = 719;

  /** So long a kernel that waits gives way to nobody, until it looks again. */
  private static final long IDLE_NANOS = 1_000_000;

  /** Of everything; a kernel that waits for another device lets go of it. Fair, for that. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final Condition callEnded = lock.newCondition();
  private final List<FakeDevice> devices;
  private final FakeReach reach;
  private final Arena arena = Arena.ofShared();
  private final FakeSymbols symbols = new FakeSymbols(arena, this::dispatch);
  private final FakeFailures failures = new FakeFailures();
  private final Map<String, Integer> calls = new TreeMap<>();
  private final Map<String, Integer> launches = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<String, MemorySegment> texts = new HashMap<>();

  /** Device of each thread's current context, and the context. */
  private final ThreadLocal<Current> current = ThreadLocal.withInitial(() -> Current.NONE);

  private String jitRefusal = "";
  private boolean initialized;

  record Current(int device, long context) {
    static final Current NONE = new Current(0, 0);
  }

  /**
   * @param gpus none for a driver that finds no device
   */
  public FakeDriver(FakeGpu... gpus) {
    devices =
        IntStream.range(0, gpus.length).mapToObj(i -> new FakeDevice(gpus[i], i, this)).toList();
    reach = new FakeReach(devices);
    List.of(
            new FakeDeviceApi(this),
            new FakeMemoryApi(this),
            new FakePeerApi(this),
            new FakeStreamApi(this),
            new FakeModuleApi(this))
        .forEach(symbols::add);
  }

  /** Gives the functions to the bindings. */
  public SymbolLookup lookup() {
    return symbols::find;
  }

  /** As a driver too old to have it. */
  public void remove(String function) {
    symbols.remove(function);
  }

  /** Lets the next call of {@code function} fail with this code. */
  public void failNext(String function, int code) {
    failAfter(function, 0, code);
  }

  /** Lets the call of {@code function} after {@code calls} good ones fail with this code. */
  public void failAfter(String function, int calls, int code) {
    locked(() -> failures.plan(function, calls, code));
  }

  /** A device falls off the bus: whatever it is asked for fails, until it is there again. */
  public void unplug(int ordinal) {
    locked(() -> device(ordinal).unplug(LAUNCH_FAILED));
  }

  /** It is there again. */
  public void plug(int ordinal) {
    locked(() -> device(ordinal).plug());
  }

  /** Has one device not be let into the memory of another, as between roots of a bus. */
  public void bar(int ordinal, int peer) {
    locked(() -> reach.bar(ordinal, peer));
  }

  /**
   * Has one device be let into the memory of another for nothing: what it writes does not arrive,
   * and what it reads is not what is there.
   */
  public void lie(int ordinal, int peer) {
    locked(() -> reach.lie(ordinal, peer));
  }

  /**
   * Breaks a cell of a device's memory.
   *
   * @param offset of a byte from the memory's beginning
   * @param bit of the byte that is 1 from now on, whatever is written
   * @return its address
   */
  public long stick(int ordinal, long offset, int bit) {
    return locked(() -> device(ordinal).stick(offset, bit));
  }

  /** Lets the compiler refuse everything, with this log. */
  public void refusePtx(String log) {
    locked(() -> jitRefusal = log);
  }

  String jitRefusal() {
    return jitRefusal;
  }

  /** What kernels and callers did wrong, in words; the codes say little. */
  public List<String> faults() {
    return locked(() -> List.copyOf(faults));
  }

  /** What was still there when the last user let go of the context. */
  public List<String> leaks() {
    return locked(() -> devices.stream().flatMap(d -> d.leaks().stream()).toList());
  }

  /** How often a function was called. */
  public int calls(String function) {
    return locked(() -> calls.getOrDefault(function, 0));
  }

  /** How often each kernel ran. */
  public Map<String, Integer> launches() {
    return locked(() -> new TreeMap<>(launches));
  }

  /** Bytes allocated on the first device. */
  public long usedBytes() {
    return usedBytes(0);
  }

  /** Bytes allocated on a device. */
  public long usedBytes(int ordinal) {
    return locked(() -> devices.get(ordinal).heap().used());
  }

  /** Instructions run on the first device, each for a whole warp. */
  public long instructions() {
    return locked(() -> devices.getFirst().interpreter().instructions());
  }

  private void locked(Runnable work) {
    locked(
        () -> {
          work.run();
          return true;
        });
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** In a call: others may make theirs, and so end what this one waits for. */
  void giveWay() {
    try {
      long left = IDLE_NANOS;
      while (!lock.hasQueuedThreads() && left > 0) {
        left = callEnded.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lock.unlock();
    lock.lock(); // behind those that wait for it
  }

  /** More than a driver says: a test that fails shows where the kernel went wrong. */
  String explanation(int code) {
    return faults.isEmpty() || code == FakeError.OUT_OF_MEMORY
        ? "text of error " + code
        : faults.getLast();
  }

  void noteRun(String kernel) {
    launches.merge(kernel, 1, Integer::sum);
  }

  List<FakeDevice> devices() {
    return devices;
  }

  FakeReach reach() {
    return reach;
  }

  FakeDevice device(int ordinal) {
    if (ordinal < 0 || ordinal >= devices.size()) {
      throw new FakeError(FakeError.INVALID_DEVICE, "device " + ordinal);
    }
    return devices.get(ordinal);
  }

  /** The device of the calling thread's context. */
  FakeDevice here() {
    return devices.get(current.get().device());
  }

  void setCurrent(Current context) {
    current.set(context);
  }

  void initialize() {
    if (devices.isEmpty()) {
      throw new FakeError(FakeError.NO_DEVICE, "no device");
    }
    initialized = true;
  }

  /** A C string that lives as long as the driver. */
  MemorySegment text(String text) {
    return texts.computeIfAbsent(text, arena::allocateFrom);
  }

  /** Every call goes through here; an exception must not leave it, for there is C above. */
  private int dispatch(String name, MethodHandle target, Object[] arguments) {
    lock.lock();
    try {
      return answer(name, target, arguments);
    } finally {
      callEnded.signalAll();
      lock.unlock();
    }
  }

  private int answer(String name, MethodHandle target, Object[] arguments) {
    calls.merge(name, 1, Integer::sum);
    try {
      failures.meet(name, this::here);
      requireContext(name);
      return (int) target.invokeWithArguments(arguments);
    } catch (FakeError e) {
      if (e.code != FakeError.OUT_OF_MEMORY && !e.getMessage().isEmpty()) {
        faults.add(name + ": " + e.getMessage());
      }
      return e.code;
    } catch (KernelFault e) {
      faults.add(e.getMessage());
      here().lose(e.kind().code());
      return e.kind().code();
    } catch (Throwable e) {
      faults.add(name + ": " + e);
      e.printStackTrace(); // a bug of the fake, of which the code tells nothing
      return FakeError.UNKNOWN;
    }
  }

  private void requireContext(String name) {
    if (name.startsWith("cuGetError")
        || name.equals("cuInit")
        || name.equals("cuDriverGetVersion")) {
      return;
    }
    if (!initialized) {
      throw new FakeError(FakeError.NOT_INITIALIZED, "before cuInit");
    }
    if (name.startsWith("cuDevice") || name.equals("cuCtxSetCurrent")) {
      return;
    }
    if (Thread.currentThread().isVirtual()) {
      throw new FakeError(FakeError.INVALID_CONTEXT, "called on a virtual thread");
    }
    Current mine = current.get();
    if (mine.context() == 0) {
      throw new FakeError(FakeError.INVALID_CONTEXT, "no context is current on this thread");
    }
    if (mine.context() != here().context()) {
      throw new FakeError(FakeError.CONTEXT_IS_DESTROYED, "");
    }
    if (here().sticky() != 0) {
      throw new FakeError(here().sticky(), "");
    }
  }

  @Override
  public void close() {
    devices.forEach(d -> d.arena.close());
    arena.close();
  }
}
