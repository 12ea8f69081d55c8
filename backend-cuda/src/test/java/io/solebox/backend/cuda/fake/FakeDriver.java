package io.solebox.backend.cuda.fake;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

  /** Codes below 700 after which the context is of no use. */
  private static final Set<Integer> LOSING = Set.of(214, 220, 226);

  private static final MethodHandle DISPATCH = dispatchHandle();

  private final List<FakeDevice> devices;
  private final Arena arena = Arena.ofShared();
  private final Map<String, MemorySegment> functions = new HashMap<>();
  private final Map<String, Failure> failures = new HashMap<>();
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

  /** A call that is to fail: after how many more calls, and with what. */
  private record Failure(int after, int code) {}

  /**
   * @param gpus none for a driver that finds no device
   */
  public FakeDriver(FakeGpu... gpus) {
    devices = IntStream.range(0, gpus.length).mapToObj(i -> new FakeDevice(gpus[i], i)).toList();
    for (Object api :
        List.of(
            new FakeDeviceApi(this),
            new FakeMemoryApi(this),
            new FakeStreamApi(this),
            new FakeModuleApi(this))) {
      for (Method method : api.getClass().getDeclaredMethods()) {
        if (method.getName().startsWith("cu")) {
          functions.put(method.getName(), stub(api, method));
        }
      }
    }
  }

  /** Gives the functions to the bindings. */
  public SymbolLookup lookup() {
    return name -> Optional.ofNullable(functions.get(name));
  }

  /** As a driver too old to have it. */
  public void remove(String function) {
    functions.remove(function);
  }

  /** Lets the next call of {@code function} fail with this code. */
  public void failNext(String function, int code) {
    failAfter(function, 0, code);
  }

  /** Lets the call of {@code function} after {@code calls} good ones fail with this code. */
  public synchronized void failAfter(String function, int calls, int code) {
    failures.put(function, new Failure(calls, code));
  }

  /** A device falls off the bus: whatever it is asked for fails, until it is there again. */
  public synchronized void unplug(int ordinal) {
    device(ordinal).unplug(LAUNCH_FAILED);
  }

  /** It is there again. */
  public synchronized void plug(int ordinal) {
    device(ordinal).plug();
  }

  /** Has one device not be let into the memory of another, as between roots of a bus. */
  public synchronized void bar(int ordinal, int peer) {
    device(ordinal).bar(peer);
  }

  /** Lets the compiler refuse everything, with this log. */
  public synchronized void refusePtx(String log) {
    jitRefusal = log;
  }

  String jitRefusal() {
    return jitRefusal;
  }

  /** What kernels and callers did wrong, in words; the codes say little. */
  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** What was still there when the last user let go of the context. */
  public synchronized List<String> leaks() {
    return devices.stream().flatMap(d -> d.leaks().stream()).toList();
  }

  /** How often a function was called. */
  public synchronized int calls(String function) {
    return calls.getOrDefault(function, 0);
  }

  /** How often each kernel ran. */
  public synchronized Map<String, Integer> launches() {
    return new TreeMap<>(launches);
  }

  /** Bytes allocated on the first device. */
  public synchronized long usedBytes() {
    return usedBytes(0);
  }

  /** Bytes allocated on a device. */
  public synchronized long usedBytes(int ordinal) {
    return devices.get(ordinal).heap().used();
  }

  /** Instructions run on the first device, each for a whole warp. */
  public synchronized long instructions() {
    return devices.getFirst().interpreter().instructions();
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

  private static MethodHandle dispatchHandle() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              FakeDriver.class,
              "dispatch",
              MethodType.methodType(int.class, String.class, MethodHandle.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private MemorySegment stub(Object api, Method method) {
    try {
      MethodHandle target = MethodHandles.lookup().unreflect(method).bindTo(api);
      MethodHandle dispatch =
          MethodHandles.insertArguments(DISPATCH, 0, this, method.getName(), target)
              .asCollector(Object[].class, method.getParameterCount())
              .asType(target.type());
      MemoryLayout[] layouts =
          Arrays.stream(method.getParameterTypes())
              .map(FakeDriver::layout)
              .toArray(MemoryLayout[]::new);
      return Linker.nativeLinker()
          .upcallStub(dispatch, FunctionDescriptor.of(JAVA_INT, layouts), arena);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static MemoryLayout layout(Class<?> type) {
    if (type == int.class) {
      return JAVA_INT;
    }
    if (type == byte.class) {
      return JAVA_BYTE;
    }
    return type == long.class ? JAVA_LONG : ADDRESS;
  }

  /** Every call goes through here; an exception must not leave it, for there is C above. */
  @SuppressWarnings("unused") // by DISPATCH
  private synchronized int dispatch(String name, MethodHandle target, Object[] arguments) {
    calls.merge(name, 1, Integer::sum);
    try {
      injectFailure(name);
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

  private void injectFailure(String name) {
    Failure failure = failures.get(name);
    if (failure == null) {
      return;
    }
    if (failure.after > 0) {
      failures.put(name, new Failure(failure.after - 1, failure.code));
      return;
    }
    failures.remove(name);
    if (LOSING.contains(failure.code) || failure.code >= 700 && failure.code < 720) {
      here().lose(failure.code);
    }
    throw new FakeError(failure.code, "");
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
