package io.solebox.engine.host;

import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelInfo;

/**
 * Has a word before a model is loaded: whoever guards the hardware can refuse, or let it wait until
 * the machine is fit for it.
 */
public interface LoadGate {
  /** Lets everything pass. */
  LoadGate OPEN = (_, _, _, _) -> {};

  /**
   * Called on the loading thread before any weight is read.
   *
   * @param progress to say why it waits, and to hear that nobody wants the model any more
   * @throws SoleboxException with a remedy, to refuse
   */
  void admit(Catalog.Offer offer, ModelInfo info, LoadEstimate estimate, Progress progress)
      throws InterruptedException;
}
