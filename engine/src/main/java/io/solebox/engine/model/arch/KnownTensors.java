package io.solebox.engine.model.arch;

import io.solebox.engine.error.Printable;
import io.solebox.engine.source.Harmless;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The kinds of tensors that any architecture has, to say what is new in one that is not known. */
final class KnownTensors {
  private static final int MOST_NAMES = 8;

  private KnownTensors() {}

  /** Kinds among {@code tensors} that none of the architectures has, the first few of them. */
  static List<String> strange(List<Architecture<?>> architectures, List<String> tensors) {
    Set<String> known = new HashSet<>(Set.of("attn_q", "attn_k", "attn_v", "attn_qkv"));
    List<Class<?>> parts =
        List.of(
            Ends.class, LongRope.class, Ffn.class, Moe.class, SelfAttention.class, Mamba2.class);
    Stream.concat(architectures.stream().<Class<?>>map(Object::getClass), parts.stream())
        .forEach(type -> collect(type, known));
    return tensors.stream()
        .filter(name -> Harmless.tensor(name).isEmpty())
        .map(KnownTensors::kind)
        .filter(kind -> !known.contains(kind))
        .distinct()
        .limit(MOST_NAMES)
        .map(Printable::name)
        .toList();
  }

  /** As in {@code attn_q} of {@code blk.3.attn_q.weight}. */
  private static String kind(String tensor) {
    return tensor.replaceFirst("^blk\\.\\d+\\.", "").replaceFirst("\\.(weight|bias|scale)$", "");
  }

  private static void collect(Class<?> type, Set<String> known) {
    if (type.isRecord()) {
      Arrays.stream(type.getRecordComponents())
          .map((RecordComponent c) -> c.getAnnotation(Gguf.class))
          .filter(gguf -> gguf != null)
          .flatMap(gguf -> Stream.of(gguf.value(), gguf.or()))
          .forEach(known::add);
    }
    for (Class<?> nested : type.getDeclaredClasses()) {
      collect(nested, known);
    }
  }
}
