package io.solebox.server.models;

/** Hears how far the load is of the model that a request waits for, on the request's own thread. */
@FunctionalInterface
public interface LoadListener {
  /**
   * Called some times a second, whether or not something has changed.
   *
   * @param model its name
   * @param stage for people
   * @param fraction 0 to 1
   */
  void loading(String model, String stage, double fraction);
}
