package io.solebox.server.knowledge.search;

import java.util.List;

/** Has vectors made of what is looked for. */
@FunctionalInterface
public interface QueryVectors {
  /**
   * The vector of each text.
   *
   * @param model that made those of the documents
   * @return f32 [E] each, of length 1
   * @throws io.solebox.server.http.Problem if it cannot be had now
   */
  List<float[]> of(String model, List<String> texts) throws InterruptedException;
}
