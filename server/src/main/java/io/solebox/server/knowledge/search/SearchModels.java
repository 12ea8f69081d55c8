package io.solebox.server.knowledge.search;

import java.util.List;

/** Has models compute what a search needs. */
public interface SearchModels {
  /**
   * Vectors of texts.
   *
   * @param maker what is known of the model that made them
   * @param all f32 [E] each, of length 1
   */
  record Made(String maker, List<float[]> all) {}

  /**
   * The vector of each text.
   *
   * @param model by the name of that which made those of the documents
   * @throws io.solebox.server.http.Problem if it cannot be had now
   */
  Made vectors(String model, List<String> texts) throws InterruptedException;

  /**
   * How well each text suits a question, from 0 to 1.
   *
   * @param model a reranker
   * @throws io.solebox.server.http.Problem if it cannot be had now, or is none
   */
  List<Double> scores(String model, String question, List<String> texts)
      throws InterruptedException;
}
