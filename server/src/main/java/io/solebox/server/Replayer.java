package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.answers.Terms;
import io.solebox.server.anthropic.AnthropicApi;
import io.solebox.server.box.BoxKey;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Faults;
import io.solebox.server.http.HttpLimits;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Problem;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Charges;
import io.solebox.server.models.ModelNames;
import io.solebox.server.models.Models;
import io.solebox.server.ollama.OllamaApi;
import io.solebox.server.openai.OpenAiApi;
import io.solebox.server.receipts.FileDigests;
import io.solebox.server.receipts.Receipt;
import io.solebox.server.receipts.Receipts;
import io.solebox.server.responses.ResponsesApi;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers a request that was answered before, through the very code that answered it, without a
 * connection: with the seeds that were drawn, and at the time that its prompt tells of.
 */
public final class Replayer {
  private static final JsonReader READER = new JsonReader(JsonLimits.LOCAL);

  /** Members that say how an answer is sent and kept, of which a replay does nothing. */
  private static final List<String> BESIDE = List.of("store", "metadata", "background");

  private final ModelHost host;
  private final FileDigests files;

  /**
   * @param host of the one model, which answers to every name
   */
  public Replayer(ModelHost host, FileDigests files) {
    this.host = host;
    this.files = files;
  }

  /**
   * The same answers again.
   *
   * @param body of the request, as it was sent
   * @return their receipt, signed by a key that nobody keeps; empty where the request makes another
   *     prompt, and nothing was computed
   * @throws SoleboxException {@code INVALID_PARAMETER} where the request is refused, and whatever
   *     keeps an answer from being computed
   */
  public Optional<Receipt> again(Receipt receipt, Map<String, Object> body)
      throws InterruptedException {
    String path = receipt.fields().text("path");
    Endpoint endpoint = endpoints(clock(receipt)).get(path);
    if (endpoint == null) {
      throw refusal(path, "Answers of this path cannot be made again.");
    }
    Map<String, Object> asked = new LinkedHashMap<>(body);
    BESIDE.forEach(asked::remove);
    var work =
        new DetachedWork(
            path,
            Terms.USUAL.withReceipt(receipt.again()),
            Caller.here(Account.unlimited()),
            new RequestNotes());
    try {
      byte[] answer = endpoint.answer(asked, work);
      return Optional.of(
          Receipt.read(new JsonWriter().bytes(READER.readObject(answer).get("receipt")), path));
    } catch (Problem e) {
      if (e.code().equals("prompt_differs")) {
        return Optional.empty();
      }
      throw refusal(e.param().orElse(path), e.getMessage());
    }
  }

  private static SoleboxException refusal(String place, String why) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER, place, why, "Give the request's body as it was sent.");
  }

  /** It stands still where the templates of the answers found it. */
  private static Clock clock(Receipt receipt) {
    return receipt.fields().objects("answers").stream()
        .map(answer -> answer.object("prompt"))
        .filter(prompt -> prompt.has("rendered"))
        .map(prompt -> OffsetDateTime.parse(prompt.text("rendered")))
        .findFirst()
        .map(then -> Clock.fixed(then.toInstant(), then.getOffset()))
        .orElseGet(Clock::systemDefaultZone);
  }

  private Map<String, Endpoint> endpoints(Clock clock) {
    JsonWriter json = new JsonWriter();
    Observers observers = new Observers();
    BoxKey passing = BoxKey.generate();
    Models models =
        new Models(
            host,
            new ModelNames(Map.of(), true),
            Optional.empty(),
            Duration.ofDays(1),
            ServerConfig.DEFAULT_MAX_WAITING,
            observers.counters(),
            Charges.NONE,
            Optional.of(new Receipts(() -> passing, files, clock)));
    Faults faults = new Faults(System.err);
    int maxBody = HttpLimits.defaults().maxBodyBytes();
    Map<String, Endpoint> all = new HashMap<>();
    all.putAll(new OpenAiApi(json, models, clock, maxBody, faults, Optional.empty()).endpoints());
    all.put("/chat/completions", all.get("/v1/chat/completions"));
    all.putAll(new AnthropicApi(json, models, clock, maxBody, faults).endpoints());
    all.putAll(new OllamaApi(json, models, Optional.empty(), clock, maxBody, faults).endpoints());
    var responses =
        new ResponsesApi(json, models, clock, maxBody, faults, observers, Optional.empty());
    all.put("/v1/responses", responses::detached);
    return all;
  }
}
