package io.solebox.app.plan;

import io.solebox.app.console.Environment;
import io.solebox.app.session.ModelLocator;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shape;
import io.solebox.planner.model.Shapes;
import io.solebox.store.catalogue.Catalogue;
import io.solebox.store.catalogue.Catalogues;
import java.util.List;
import java.util.Optional;

/**
 * What is meant by the model of a plan: one that is here, else a shape that has a name, else one of
 * the catalogue, which nobody has pulled yet.
 */
record NamedModels(Environment environment) {
  /**
   * @param model a path, a name, or hyperparameters
   * @param quantization as if it were stored so
   * @throws SoleboxException {@code MODEL_NOT_FOUND} with what there is; what reading a file
   *     throws; {@code INVALID_PARAMETER} for hyperparameters or a quantization that there are not
   */
  AskedModel find(String model, Optional<String> quantization) {
    if (Shape.isShape(model)) {
      return plain(PlannedModel.of(Shape.parse(model)), quantization);
    }
    if (model.startsWith(Catalogue.PREFIX)) {
      return ofCatalogue(model, quantization).orElseThrow();
    }
    try {
      var located = new ModelLocator(environment).locateNamed(Optional.of(model));
      return plain(PlannedModel.of(located.name(), located.file()), quantization);
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.MODEL_NOT_FOUND) {
        throw e;
      }
      return Shapes.named(model)
          .map(shape -> plain(PlannedModel.of(shape), quantization))
          .or(() -> ofCatalogue(model, quantization))
          .orElseThrow(() -> unknown(e));
    }
  }

  private static AskedModel plain(PlannedModel found, Optional<String> quantization) {
    return new AskedModel(
        quantization.map(Quantizations::named).map(found::in).orElse(found), List.of());
  }

  private Optional<AskedModel> ofCatalogue(String model, Optional<String> quantization) {
    Catalogue catalogue = new Catalogues(environment.dataFolder()).current().catalogue();
    return Catalogue.mayName(model)
        ? new CatalogueShapes(catalogue).find(model, quantization)
        : Optional.empty();
  }

  private static SoleboxException unknown(SoleboxException e) {
    return new SoleboxException(
        e.code(),
        e.place(),
        e.getMessage(),
        e.remedy()
            + " Or plan with a shape: %s, its hyperparameters: %s, or a name of the catalogue, which 'solebox models search' shows."
                .formatted(String.join(", ", Shapes.names()), Shape.KEYS),
        e);
  }
}
