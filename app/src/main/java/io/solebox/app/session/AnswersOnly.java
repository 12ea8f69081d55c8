package io.solebox.app.session;

import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.model.ModelInfo;
import java.nio.file.Path;

/**
 * Refuses models that have nothing to answer with, before any of their weights is read, and says
 * which command they are for.
 */
public final class AnswersOnly implements LoadGate {
  @Override
  public void admit(Catalog.Offer offer, ModelInfo info, LoadEstimate estimate, Progress progress) {
    require(offer.file(), info);
  }

  /**
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} for a model of vectors or scores
   */
  public static void require(Path file, ModelInfo info) {
    if (info.pooling().isEmpty()) {
      return;
    }
    boolean ranks = info.pooling().get() == Pooling.RANK;
    throw new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        file.toString(),
        ranks
            ? "This model scores how well a text suits a question; it has no logits to answer with."
            : "This model makes embeddings, vectors of texts; it has no logits to answer with.",
        ranks
            ? "Use `solebox rerank MODEL -q QUESTION --file TEXTS`; for answers load a model that generates text."
            : "Use `solebox embed MODEL -p TEXT`; for answers load a model that generates text.");
  }
}
