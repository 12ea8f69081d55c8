package io.solebox.server.receipts;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Two receipts of one request, with one salt: what the answers were made of, and where they part.
 *
 * @param ingredients that differ
 * @param departures of those answers that are others
 */
public record Comparison(List<Difference> ingredients, List<Departure> departures) {
  /** Something that an answer is made of, then and now. */
  public record Difference(String what, String then, String now) {}

  /**
   * Where an answer becomes another one.
   *
   * @param answer its number, from 0
   * @param from a token of the answer, from 0: all before it are the same
   * @param to behind the block in which the first other token is
   */
  public record Departure(int answer, long from, long to) {}

  /** Digits of a block's digest. */
  private static final int DIGITS = 8;

  /** What answers are made of, by what people call it. */
  private record Ingredient(String what, Function<Fields, Object> value) {}

  private static final List<Ingredient> INGREDIENTS =
      List.of(
          new Ingredient("model", receipt -> digests(receipt.object("model"))),
          new Ingredient("adapter", receipt -> adapters(receipt.object("model"))),
          new Ingredient("chat template", Comparison::templates),
          new Ingredient(
              "template arguments", receipt -> receipt.object("model").text("template_arguments")),
          new Ingredient("build", receipt -> receipt.object("build").text("sha256")),
          new Ingredient("java", receipt -> receipt.object("build").text("java")),
          new Ingredient("kernels", receipt -> receipt.object("machine").all().get("kernels")),
          new Ingredient("kv type", receipt -> receipt.object("settings").text("kv_type")),
          new Ingredient("activations", receipt -> receipt.object("settings").text("activations")),
          new Ingredient("context", receipt -> receipt.object("settings").number("context_tokens")),
          new Ingredient("sampling", Comparison::sampling));

  /**
   * @param then the receipt
   * @param now that of the same request, answered again
   */
  public static Comparison of(Fields then, Fields now) {
    List<Difference> different = new ArrayList<>();
    for (Ingredient each : INGREDIENTS) {
      Object before = each.value().apply(then);
      Object after = each.value().apply(now);
      if (!Objects.equals(before, after)) {
        different.add(new Difference(each.what(), String.valueOf(before), String.valueOf(after)));
      }
    }
    List<Departure> departures = new ArrayList<>();
    List<Fields> before = then.objects("answers");
    List<Fields> after = now.objects("answers");
    for (int i = 0; i < before.size(); i++) {
      Fields one = before.get(i).object("answer");
      Fields other = after.get(i).object("answer");
      if (!one.text("digest").equals(other.text("digest"))) {
        departures.add(departure(i, one, other));
      }
    }
    return new Comparison(List.copyOf(different), List.copyOf(departures));
  }

  private static List<String> digests(Fields of) {
    return of.objects("files").stream().map(file -> file.text("sha256")).toList();
  }

  private static List<String> adapters(Fields model) {
    return model.objects("adapters").stream()
        .map(adapter -> digests(adapter) + " x " + adapter.text("scale"))
        .toList();
  }

  private static List<Object> templates(Fields receipt) {
    return receipt.objects("answers").stream()
        .map(answer -> answer.object("prompt").all().getOrDefault("template", "none"))
        .toList();
  }

  private static List<Object> sampling(Fields receipt) {
    return receipt.objects("answers").stream()
        .<Object>map(answer -> answer.object("sampling").all())
        .toList();
  }

  /** Both have digests of their beginnings; those of the longer one may be further apart. */
  private static Departure departure(int number, Fields one, Fields other) {
    long step = Math.max(one.number("block_tokens"), other.number("block_tokens"));
    long most = Math.min(one.number("tokens"), other.number("tokens"));
    for (long end = step; end <= most; end += step) {
      if (!block(one, end).equals(block(other, end))) {
        return new Departure(number, end - step, end);
      }
    }
    long same = most / step * step;
    return new Departure(number, same, Math.max(one.number("tokens"), other.number("tokens")));
  }

  private static String block(Fields answer, long end) {
    int at = Math.toIntExact((end / answer.number("block_tokens") - 1) * DIGITS);
    String blocks = answer.text("blocks");
    if (blocks.length() < at + DIGITS) {
      throw Receipt.untrusted(answer.place(), "its blocks are fewer than its tokens need");
    }
    return blocks.substring(at, at + DIGITS);
  }

  /** Whether all answers are the same to the bit. */
  public boolean sameBits() {
    return departures.isEmpty();
  }
}
