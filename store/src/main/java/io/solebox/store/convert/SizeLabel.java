package io.solebox.store.convert;

import io.solebox.engine.source.TensorInfo;
import java.util.List;
import java.util.Locale;

/**
 * How large a model is, as {@code general.size_label} says it (ggml-org/llama.cpp:
 * gguf-py/gguf/utility.py).
 *
 * @param total parameters
 * @param shared those that are not of experts
 * @param expert those of one expert in each layer
 * @param experts of a layer; 0 for none
 */
record SizeLabel(long total, long shared, long expert, long experts) {
  static SizeLabel of(List<TensorInfo> tensors) {
    long shared = 0;
    long all = 0;
    long one = 0;
    long sum = 0;
    int count = 0;
    for (TensorInfo tensor : tensors) {
      long elements = tensor.elements();
      all += elements;
      if (tensor.name().endsWith("_exps.weight")) {
        long each = tensor.shape().getLast();
        one += elements / each;
        sum += each;
        count++;
      } else {
        shared += elements;
      }
    }
    return new SizeLabel(all, shared, one, count == 0 ? 0 : sum / count);
  }

  /** As in {@code 8x7.2B}. */
  String text() {
    return experts > 0 ? experts + "x" + rounded(shared + expert) : rounded(total);
  }

  private static String rounded(long count) {
    double scaled;
    String unit;
    if (count > 1e12) {
      scaled = count * 1e-12;
      unit = "T";
    } else if (count > 1e9) {
      scaled = count * 1e-9;
      unit = "B";
    } else if (count > 1e6) {
      scaled = count * 1e-6;
      unit = "M";
    } else {
      scaled = count * 1e-3;
      unit = "K";
    }
    long whole = (long) Math.rint(scaled);
    int digits = whole == 0 ? 0 : Long.toString(whole).length();
    return String.format(Locale.ROOT, "%." + Math.max(2 - digits, 0) + "f%s", scaled, unit);
  }
}
