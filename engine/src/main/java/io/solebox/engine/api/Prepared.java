package io.solebox.engine.api;

import io.solebox.engine.backend.Plan;
import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.ModelDrafter;
import io.solebox.engine.model.ModelFile;
import java.util.function.Function;

/** A model that can run, with all that it took, until somebody owns it. */
record Prepared(ModelFile source, Plan plan, Reserved reserved) implements AutoCloseable {
  /** Hands it to an owner that is made of it; where that fails, all is given back. */
  <T> T into(Function<Prepared, T> owner) {
    try {
      return owner.apply(this);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Guesses by this model; owns its plan and its file, and not the memory in the ledgers. */
  Drafter drafter() {
    return new ModelDrafter(source.graph(), plan, reserved.limits(), source::close);
  }

  @Override
  public void close() {
    plan.close();
    source.close();
    reserved.close();
  }
}
