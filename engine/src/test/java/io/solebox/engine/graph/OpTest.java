package io.solebox.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ops say of themselves is what they hold: nothing that is added to one can be forgotten. */
class OpTest {
  private int nextId;

  static Stream<Class<?>> ops() {
    return records(Op.class);
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Arrays.stream(type.getPermittedSubclasses()).flatMap(OpTest::records);
  }

  /** Something of a component's type; each value, weight and keep is another one. */
  private Object some(Class<?> type, Class<?> element) throws ReflectiveOperationException {
    int id = nextId++;
    if (type == Value.class) {
      return new Value(id, "v" + id, 64);
    } else if (type == Weight.class) {
      return new Weight("w" + id, 64, 4, TensorType.F32, MemorySegment.NULL);
    } else if (type == LowRank.Change.class) {
      var a = new Weight("a" + id, 4, 64, TensorType.F32, MemorySegment.NULL);
      var b = new Weight("b" + id, 64, 4, TensorType.F32, MemorySegment.NULL);
      return new LowRank.Change(1, a, b, 1);
    } else if (type == Keep.Paged.class) {
      return new Keep.Paged(id, 64, 64, new Mask.Causal());
    } else if (type == Keep.Slot.class) {
      return new Keep.Slot(id, 192);
    } else if (type == Rotation.class) {
      return new Rotation(Rotation.Pairing.HALVES, new float[8], 1);
    } else if (type == Optional.class) {
      return Optional.of(some(element, element));
    } else if (type == List.class) {
      return List.of(some(element, element));
    } else if (type == int.class) {
      return 16;
    } else if (type == AttentionShape.class) {
      return new AttentionShape(4, 2, 16, 1, new Mask.Causal());
    } else if (type == ExpertOp.Routing.class) {
      return new ExpertOp.Routing(ExpertOp.Scoring.values()[0], 2, true, 1f, 4, 2, 2);
    } else if (type == Gating.class) {
      return new Gating.By(Activation.SILU);
    } else if (type.isEnum()) {
      return type.getEnumConstants()[0];
    } else if (type == boolean.class) {
      return true;
    } else if (type == float.class) {
      return 1f;
    } else if (type.isRecord()) {
      return record(type);
    }
    throw new AssertionError("no example of " + type + " yet");
  }

  private Object record(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = some(components[i].getType(), element(components[i]));
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return type.getDeclaredConstructor(types).newInstance(arguments);
  }

  /** Of an {@code Optional} or a list, what it may hold. */
  private static Class<?> element(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType p
        ? (Class<?>) p.getActualTypeArguments()[0]
        : component.getType();
  }

  /** All that a record holds, and the records in it. */
  private static void collect(Object o, List<Object> found) throws ReflectiveOperationException {
    switch (o) {
      case Value _, Weight _, Keep _ -> found.add(o);
      case Optional<?> some -> {
        if (some.isPresent()) {
          collect(some.get(), found);
        }
      }
      case List<?> all -> {
        for (Object each : all) {
          collect(each, found);
        }
      }
      case Record r -> {
        for (RecordComponent c : r.getClass().getRecordComponents()) {
          collect(c.getAccessor().invoke(r), found);
        }
      }
      case Object _ -> {}
    }
  }

  @ParameterizedTest
  @MethodSource("ops")
  void anOpNamesAllThatItHolds(Class<?> type) throws ReflectiveOperationException {
    Op op = (Op) record(type);
    var held = new ArrayList<>();
    collect(op, held);
    var named = new HashSet<Object>(op.inputs());
    named.add(op.out());
    op.weights().forEach(use -> named.add(use.weight()));
    named.addAll(op.keeps());
    assertEquals(Set.copyOf(held), named);
  }
}
