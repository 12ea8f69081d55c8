package io.solebox.engine.host;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;

/** Hears what a host does, on its loading thread, as a console that tells it. */
public interface LoadWatcher {
  /** A load begins. */
  default Progress loading(String name) {
    return Progress.none();
  }

  default void ready(String name, LoadedModel model) {}

  default void failed(String name, SoleboxException error) {}

  /** It had to make room for another. */
  default void unloaded(String name, String other) {}
}
