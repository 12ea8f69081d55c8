package io.solebox.server.limits;

/** Who is charged for what requests use. Safe for many threads. */
@FunctionalInterface
public interface Charges {
  /** Writes nothing down. */
  Charges NONE = (payer, model) -> new Charge(payer, model, Charge::take, _ -> {});

  /**
   * For one request.
   *
   * @param model by the name that it has in the catalog
   * @return to be closed when the request is over
   */
  Charge open(Payer payer, String model);
}
