package io.solebox.engine.answer.call;

/** How what follows a call's opening is written. */
@FunctionalInterface
public interface CallBody {
  /**
   * A reader for one call.
   *
   * @param head what the opening said; its name is empty where the name is to come
   */
  CallReader reader(CallReader.Head head, Tools tools);
}
