package io.solebox.app.plan;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shape;
import io.solebox.planner.model.SizeOnly;
import io.solebox.store.catalogue.Catalogue;
import io.solebox.store.catalogue.CatalogueModel;
import io.solebox.store.catalogue.CatalogueShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Models of the catalogue as plans of them are made before they are here. */
record CatalogueShapes(Catalogue catalogue) {
  /** Experts in it, and all else in Q8_0, as gpt-oss is published. */
  private static final String MXFP4 = "MXFP4";

  /** Layers of which see tokens around them, and that is in no shape. */
  private static final String EMBEDDING_GEMMA = "gemma-embedding";

  /**
   * What a name means.
   *
   * @param quantization as if it were stored so, whatever the source has
   * @return empty where it is no name of the catalogue
   * @throws SoleboxException as {@link Catalogue#find}, and {@code INVALID_PARAMETER} for a
   *     quantization that it cannot have
   */
  Optional<AskedModel> find(String text, Optional<String> quantization) {
    return catalogue.find(text).map(pick -> model(pick, quantization));
  }

  private static AskedModel model(Catalogue.Pick pick, Optional<String> quantization) {
    CatalogueModel model = pick.model();
    Shape shape = model.shape().map(known -> shape(model, known)).orElseGet(() -> sizes(model));
    PlannedModel whole = model.answers() ? PlannedModel.of(shape) : PlannedModel.ofVectors(shape);
    Optional<String> said = quantization.or(pick::choice);
    String format = said.orElse(model.usualFormat().name());
    return new AskedModel(
        whole.in(formats(format)), notes(model, said.isPresent() ? "" : usual(format)));
  }

  private static String usual(String format) {
    return "It is planned in %s, as a pull takes it where it fits; name another with --quant."
        .formatted(format);
  }

  private static List<String> notes(CatalogueModel model, String format) {
    List<String> notes = new ArrayList<>();
    notes.add("It is not here: planned by what the catalogue knows of it.");
    if (model.shape().isEmpty()) {
      notes.add(
          "Its shape is not known, so it is planned by its size only: as a plain decoder with as many weights, of which a token reads as many%s."
              .formatted(
                  model.keptElements().isPresent()
                      ? ", and keeps as much"
                      : ". What it keeps of a token is not known, and may be more than is planned"));
    }
    if (model.architecture().equals(EMBEDDING_GEMMA)) {
      notes.add(
          "Some of its layers see the last tokens alone: of a long context it takes fewer keys and values than planned.");
    }
    if (!format.isEmpty()) {
      notes.add(format);
    }
    return notes;
  }

  private static Shape shape(CatalogueModel model, CatalogueShape known) {
    return new Shape(
        model.name(),
        known.source(),
        known.layers(),
        known.width(),
        known.ffn(),
        known.heads(),
        known.kvHeads(),
        known.headDim(),
        known.vocabulary(),
        model.context(),
        known.tied(),
        known.windows().map(each -> new Shape.Windows(each.tokens(), each.period())),
        known.experts().map(CatalogueShape.Experts::count),
        known.experts().map(CatalogueShape.Experts::used));
  }

  private static Shape sizes(CatalogueModel model) {
    return new SizeOnly(
            model.name(),
            "the catalogue, by size only",
            model.parameters(),
            model.activeParameters(),
            model.keptElements(),
            model.context())
        .shape();
  }

  private static PlannedModel.Formats formats(String name) {
    if (name.equals(MXFP4)) {
      return (_, tensors) -> tensors.stream().map(CatalogueShapes::mxfp4).toList();
    }
    return Quantizations.named(name);
  }

  private static TensorInfo mxfp4(TensorInfo tensor) {
    TensorType type =
        switch (tensor.shape().size()) {
          case 1 -> tensor.type();
          case 3 -> TensorType.MXFP4;
          default -> tensor.type() == TensorType.F16 ? TensorType.Q8_0 : tensor.type();
        };
    return new TensorInfo(tensor.name(), type, tensor.shape(), type.bytes(tensor.elements()));
  }
}
