package io.solebox.server.answers;

import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import io.solebox.server.receipts.ReceiptWish;
import java.time.Duration;
import java.util.Optional;

/**
 * On what terms an answer is made.
 *
 * @param user whose it is, for fairness among users; empty for nobody in particular
 * @param deadline from submission to the last token
 * @param receipt that it is to have
 */
public record Terms(
    String user, Priority priority, Optional<Duration> deadline, ReceiptWish receipt) {
  /** Asks for one, whatever the body says. */
  private static final String RECEIPT = "Solebox-Receipt";

  /** Somebody waits for it, and nobody knows who. */
  public static final Terms USUAL =
      new Terms("", Priority.INTERACTIVE, Optional.empty(), new ReceiptWish.Unsaid());

  public Terms withUser(String name) {
    return new Terms(name, priority, deadline, receipt);
  }

  /**
   * These as a client may have them. Where there are keys or accounts, it is their owners who
   * share: a name in a request is anybody's. Who is not named is known by his connection, or one
   * with many requests would be many users.
   */
  public Terms of(Exchange exchange) {
    String key = exchange.caller().map(Caller::owner).orElse("");
    String named = user.isEmpty() ? exchange.peer().name() : user;
    Terms its = withUser(key.isEmpty() ? named : key).withReceipt(receipt(exchange));
    return exchange.account().limits().background() ? its.withPriority(Priority.BACKGROUND) : its;
  }

  /**
   * These as whoever has asked for work that goes on without its request may have them.
   *
   * @param theirs of the request, as {@link #of(Exchange)} makes them
   * @param path by which the like is asked for over a connection
   */
  public Terms boundBy(Terms theirs, String path) {
    Terms its = withUser(theirs.user()).withReceipt(receipt.or(theirs.receipt()).at(path));
    return theirs.priority() == Priority.BACKGROUND ? its.withPriority(Priority.BACKGROUND) : its;
  }

  /** As a field of the request says, a header, or else the key that it came with. */
  private ReceiptWish receipt(Exchange exchange) {
    boolean usual = exchange.caller().filter(Caller::wantsReceipts).isPresent();
    return exchange
        .header(RECEIPT)
        .map(value -> receipt(value.strip()))
        .orElse(receipt)
        .or(usual ? new ReceiptWish.Usual() : new ReceiptWish.None())
        .at(exchange.path());
  }

  private ReceiptWish receipt(String header) {
    return switch (header) {
      case "true" -> new ReceiptWish.Asked();
      case "false" -> receipt.or(new ReceiptWish.None());
      default ->
          throw Problem.of(
              400,
              "invalid_value",
              "The header '%s' is '%s', but must be true or false."
                  .formatted(RECEIPT, Texts.abbreviated(header)));
    };
  }

  /** The same of who always has a receipt, unless a request says otherwise. */
  public Terms withUsualReceipt() {
    return withReceipt(receipt.or(new ReceiptWish.Usual()));
  }

  public Terms withReceipt(ReceiptWish value) {
    return new Terms(user, priority, deadline, value);
  }

  public Terms withPriority(Priority value) {
    return new Terms(user, value, deadline, receipt);
  }

  public Terms withDeadline(Duration time) {
    return new Terms(user, priority, Optional.of(time), receipt);
  }

  /** The {@code service_tier} that answers tell. */
  public String tier() {
    return switch (priority) {
      case INTERACTIVE -> "default";
      case BACKGROUND -> "flex";
    };
  }

  /** As the engine knows who asks. */
  Requester requester() {
    return new Requester(user, priority);
  }

  GenerationRequest request(
      int[] prompt, SamplingParams params, Optional<TokenConstraint> constraint) {
    return new GenerationRequest(
        prompt,
        params,
        constraint,
        Optional.empty(),
        priority,
        user,
        true,
        deadline,
        Optional.empty());
  }
}
