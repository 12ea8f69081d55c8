package io.solebox.store.catalogue;

import java.util.Optional;

/**
 * What a model is made of, as far as a plan of it needs that: a decoder of attention and gated
 * networks. Models of other kinds have none in a catalogue.
 *
 * @param layers L
 * @param width E
 * @param ffn F; of one expert where there are experts
 * @param heads H
 * @param kvHeads K; divides {@code heads}
 * @param headDim D
 * @param vocabulary V
 * @param tied whether the embedding is the output matrix too
 * @param windows of layers that see the last tokens alone; empty where all see all
 * @param experts of which a token takes some; empty for a network without
 * @param source where the numbers are from
 */
public record CatalogueShape(
    int layers,
    int width,
    int ffn,
    int heads,
    int kvHeads,
    int headDim,
    int vocabulary,
    boolean tied,
    Optional<Windows> windows,
    Optional<Experts> experts,
    String source) {
  /**
   * @param tokens that a layer with a window sees
   * @param period of layers, of which the last one sees all
   */
  public record Windows(int tokens, int period) {}

  /**
   * @param count X
   * @param used k of them; not more
   */
  public record Experts(int count, int used) {}

  /** Elements of keys and values that are kept of a token, all layers together. */
  public long keptElements() {
    return 2L * layers * kvHeads * headDim;
  }
}
