package io.solebox.server.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.HiddenRows;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Between a request and its model stands what counts, and it must hide nothing of the model. */
class MeteredModelTest {
  /** Made of others by the interface itself. */
  private static final Set<String> DERIVED = Set.of("answer", "embed", "rank");

  private static Set<String> methods(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()) && !Modifier.isStatic(m.getModifiers()))
        .filter(m -> !m.isBridge() && !m.isSynthetic() && !DERIVED.contains(m.getName()))
        .map(m -> m.getName() + Arrays.toString(m.getParameterTypes()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyMethodOfAModelIsPassedOn() throws NoSuchMethodException {
    Set<String> of = methods(LoadedModel.class);
    // Others of the same name are made of these.
    of.remove(name(LoadedModel.class.getMethod("submit", int[].class, params())));
    of.remove(name(LoadedModel.class.getMethod("logits", int[].class, sink())));
    of.remove(name(LoadedModel.class.getMethod("logits", int[].class, int.class, sink())));
    of.remove(name(LoadedModel.class.getMethod("score", int[].class, int.class)));
    of.remove(name(LoadedModel.class.getMethod("encode", int[].class, HiddenRows.class)));
    assertEquals(of, methods(MeteredModel.class));
  }

  private static Class<?> params() {
    return io.solebox.engine.generation.SamplingParams.class;
  }

  private static Class<?> sink() {
    return io.solebox.engine.generation.LogitsSink.class;
  }

  private static String name(Method method) {
    return method.getName() + Arrays.toString(method.getParameterTypes());
  }
}
