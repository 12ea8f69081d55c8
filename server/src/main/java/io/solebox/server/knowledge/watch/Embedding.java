package io.solebox.server.knowledge.watch;

import io.solebox.server.http.Problem;
import io.solebox.server.knowledge.store.Document.Cut;

/** Who makes vectors of documents, and how these are cut for it. */
public interface Embedding {
  /**
   * The model of a new collection.
   *
   * @throws Problem 400 if there is none, or it is not clear which
   */
  String model();

  /** How documents are cut for a model. */
  Cut cut(String model);
}
