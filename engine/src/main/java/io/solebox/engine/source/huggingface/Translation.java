package io.solebox.engine.source.huggingface;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a model: the keys that it has in GGUF, the names of its tensors there, and what
 * may be left out. A {@link Family} writes it.
 */
final class Translation {
  static final Rows.Change AS_IT_IS = rows -> rows;

  /**
   * What becomes of a tensor.
   *
   * @param target its name in GGUF, {@code {}} for the number of the layer
   */
  record Rule(String target, Rows.Change change) {}

  /** Makes one tensor of two. */
  interface Merge {
    Rows of(Rows target, Rows other);
  }

  /**
   * A tensor that goes into another one.
   *
   * @param target its name in GGUF, and that of the other
   */
  record Joint(String target, String other, Merge merge) {}

  private final String architecture;
  private final String file;
  private final Map<String, Metadata.Entry> entries = new LinkedHashMap<>();
  private final Map<String, List<Rule>> rules = new LinkedHashMap<>();
  private final Map<String, Rows> added = new LinkedHashMap<>();
  private final List<Joint> joints = new ArrayList<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * @param architecture as in {@code general.architecture}
   * @param file that the keys come from, for errors
   */
  Translation(String architecture, String file) {
    this.architecture = architecture;
    this.file = file;
    general("general.architecture", new MetadataValue.Text(architecture));
  }

  String architecture() {
    return architecture;
  }

  /** Writes a key that is not of the architecture's namespace. */
  Translation general(String key, MetadataValue value) {
    entries.put(key, new Metadata.Entry(file, value));
    return this;
  }

  private Translation key(String name, MetadataValue value) {
    return general(architecture + "." + name, value);
  }

  Translation put(String name, int value) {
    return key(name, new MetadataValue.Whole(ValueType.U32, value));
  }

  Translation put(String name, double value) {
    return key(name, new MetadataValue.Real(ValueType.F32, (float) value));
  }

  Translation put(String name, boolean value) {
    return key(name, new MetadataValue.Bool(value));
  }

  Translation put(String name, String value) {
    return key(name, new MetadataValue.Text(value));
  }

  Translation put(String name, int[] values) {
    return key(name, new MetadataValue.Ints(ValueType.I32, values));
  }

  Translation put(String name, boolean[] values) {
    return key(name, new MetadataValue.Bools(values));
  }

  Translation put(String name, List<String> values) {
    int[] ends = new int[values.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += values.get(i).getBytes(StandardCharsets.UTF_8).length;
      ends[i] = end;
    }
    byte[] bytes = String.join("", values).getBytes(StandardCharsets.UTF_8);
    return key(name, new MetadataValue.Strings(bytes, ends));
  }

  /** A module with weight and bias. */
  Translation module(String source, String target, Rows.Change change) {
    return tensor(source + ".weight", target + ".weight", change)
        .tensor(source + ".bias", target + ".bias", change);
  }

  Translation module(String source, String target) {
    return module(source, target, AS_IT_IS);
  }

  /** A module of each layer. */
  Translation layer(String source, String target, Rows.Change change) {
    return module("layers.{}." + source, "blk.{}." + target, change);
  }

  Translation layer(String source, String target) {
    return layer(source, target, AS_IT_IS);
  }

  /** A tensor of each layer, by its whole name. */
  Translation layerTensor(String source, String target, Rows.Change change) {
    return tensor("layers.{}." + source, "blk.{}." + target, change);
  }

  Translation layerTensor(String source, String target) {
    return layerTensor(source, target, AS_IT_IS);
  }

  /**
   * A tensor by its whole name, {@code {}} for numbers: the first is the layer's, and what has the
   * same target and another second number becomes a stack. One tensor may become several.
   */
  Translation tensor(String source, String target, Rows.Change change) {
    rules.computeIfAbsent(source, _ -> new ArrayList<>()).add(new Rule(target, change));
    return this;
  }

  /** Another change of a tensor that was named before. */
  Translation replace(String source, Rows.Change change) {
    rules.computeIfPresent(source, (_, old) -> List.of(new Rule(old.getFirst().target(), change)));
    return this;
  }

  /** Vectors that are kept as f32. */
  Translation vectors(String source, String target) {
    return module(source, target, Rows::widened);
  }

  /** One tensor of two, by their names in GGUF; the second is gone. */
  Translation join(String target, String other, Merge merge) {
    joints.add(new Joint(target, other, merge));
    return this;
  }

  /** A tensor that the model has as numbers of its description. */
  Translation add(String name, float[] values) {
    return addStored(name, Rows.of(values));
  }

  /** A tensor of another file. */
  Translation addStored(String name, Rows rows) {
    added.put(name, rows);
    return this;
  }

  /**
   * Passes over all tensors whose names, without the model's prefix, match.
   *
   * @param reason why answers are the same without them
   */
  Translation leaveOut(String pattern, String reason) {
    leftOut.put(pattern, reason);
    return this;
  }

  Translation note(String text) {
    notes.add(text);
    return this;
  }

  /** Whether it was said how vectors are made: then there is no use for a head. */
  boolean makesVectors() {
    return entries.containsKey(architecture + ".pooling_type");
  }

  Map<String, Metadata.Entry> entries() {
    return entries;
  }

  Map<String, List<Rule>> rules() {
    return rules;
  }

  Map<String, Rows> added() {
    return added;
  }

  List<Joint> joints() {
    return joints;
  }

  Map<String, String> leftOut() {
    return leftOut;
  }

  List<String> notes() {
    return notes;
  }
}
