package io.solebox.engine.host;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;

/** Hears what a host does, on the thread that loads or on the one that unloads, as a console. */
public interface LoadWatcher {
  /** A load begins. */
  default Progress loading(String name) {
    return Progress.none();
  }

  default void ready(String name, LoadedModel model) {}

  default void failed(String name, SoleboxException error) {}

  /** It had to make room for another. */
  default void unloaded(String name, String other) {}

  /** It was unloaded because nobody has used it for as long as it was to stay. */
  default void expired(String name) {}

  /** It was unloaded because somebody asked for that. */
  default void dismissed(String name) {}

  /** It was unloaded at once, and its answers broke off: the hardware must not work any more. */
  default void evacuated(String name, SoleboxException why) {}

  /** Its load was given up because somebody asked for that. */
  default void abandoned(String name) {}
}
