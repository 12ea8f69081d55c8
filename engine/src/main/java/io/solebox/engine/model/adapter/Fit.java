package io.solebox.engine.model.adapter;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import java.util.List;
import java.util.Optional;

/** Whether an adapter was made for a model: by its family, its matrices, their shapes. */
final class Fit {
  private static final String ARCHITECTURE_KEY = "general.architecture";
  private static final int MOST_NAMES = 8;

  private Fit() {}

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} naming what does not fit
   */
  static void require(LoraFile adapter, ModelSource base) {
    requireFamily(adapter, base.metadata());
    List<LoraFile.Pair> pairs = adapter.pairs();
    if (pairs.isEmpty()) {
      throw other(adapter.place(), "It changes no matrix at all.", "Use another adapter.");
    }
    List<String> strange =
        pairs.stream()
            .map(LoraFile.Pair::tensor)
            .filter(name -> base.tensor(name).isEmpty())
            .toList();
    if (!strange.isEmpty()) {
      throw other(
          adapter.place(),
          "It changes what the model %s does not have: %s."
              .formatted(Printable.name(base.fileName()), names(strange)),
          remedy(adapter, base));
    }
  }

  private static void requireFamily(LoraFile adapter, Metadata base) {
    Optional<String> wanted = adapter.architecture();
    String there = base.string(ARCHITECTURE_KEY);
    if (wanted.isPresent() && !wanted.get().equals(there)) {
      throw other(
          adapter.place(),
          "It was made for a model of the architecture %s, and this one is of %s."
              .formatted(Printable.name(wanted.get()), Printable.name(there)),
          "Use the model that it was made for.");
    }
  }

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} where a change is not of the shape of its
   *     matrix
   */
  static void requireShapes(LoraFile adapter, LoraFile.Pair pair, ModelSource base) {
    TensorInfo tensor = base.tensor(pair.tensor()).orElseThrow();
    String place = adapter.place() + ", tensor " + Printable.name(pair.a().name());
    if (pair.a().rows() != pair.b().cols()) {
      throw other(
          place,
          "Its rank is %d, and that of %s is %d."
              .formatted(pair.a().rows(), Printable.name(pair.b().name()), pair.b().cols()),
          "Download or convert the adapter again; both halves of a change have one rank.");
    }
    if (pair.a().cols() != tensor.cols() || pair.b().rows() != tensor.rows()) {
      throw other(
          place,
          "It changes a matrix of [%d, %d], and %s of the model is [%d, %d]."
              .formatted(
                  pair.b().rows(),
                  pair.a().cols(),
                  Printable.name(pair.tensor()),
                  tensor.rows(),
                  tensor.cols()),
          remedy(adapter, base));
    }
  }

  private static String remedy(LoraFile adapter, ModelSource base) {
    String name = base.metadata().stringOr("general.name", base.fileName());
    return "Use the model that it was made for%s, or an adapter for %s."
        .formatted(adapter.madeFor().map(m -> " (" + m + ")").orElse(""), Printable.name(name));
  }

  private static SoleboxException other(String place, String message, String remedy) {
    return new SoleboxException(ErrorCode.BAD_MODEL_FILE, place, message, remedy);
  }

  static String names(List<String> names) {
    List<String> first = names.stream().limit(MOST_NAMES).map(Printable::name).toList();
    return String.join(", ", first) + (names.size() > MOST_NAMES ? " and others" : "");
  }
}
