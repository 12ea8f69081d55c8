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
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Native pointers to methods, by the names of the functions that they stand for. */
final class FakeSymbols {
  /** What every call goes through. */
  interface Dispatcher {
    /** The function's code; throws nothing, for there is C above. */
    int dispatch(String name, MethodHandle target, Object[] arguments);
  }

  private static final MethodHandle DISPATCH = dispatchHandle();

  private final Arena arena;
  private final Dispatcher dispatcher;
  private final Map<String, MemorySegment> functions = new HashMap<>();

  /**
   * @param arena as long as pointers are good
   */
  FakeSymbols(Arena arena, Dispatcher dispatcher) {
    this.arena = arena;
    this.dispatcher = dispatcher;
  }

  /** Adds all methods that have the name of a function. */
  void add(Object api) {
    for (Method method : api.getClass().getDeclaredMethods()) {
      if (method.getName().startsWith("cu")) {
        functions.put(method.getName(), stub(api, method));
      }
    }
  }

  Optional<MemorySegment> find(String name) {
    return Optional.ofNullable(functions.get(name));
  }

  void remove(String name) {
    functions.remove(name);
  }

  private static MethodHandle dispatchHandle() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              Dispatcher.class,
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
          MethodHandles.insertArguments(DISPATCH, 0, dispatcher, method.getName(), target)
              .asCollector(Object[].class, method.getParameterCount())
              .asType(target.type());
      MemoryLayout[] layouts =
          Arrays.stream(method.getParameterTypes())
              .map(FakeSymbols::layout)
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
}
