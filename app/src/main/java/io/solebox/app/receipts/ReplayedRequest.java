package io.solebox.app.receipts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.receipts.Fields;
import io.solebox.server.receipts.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The request of a receipt: its body as JSON, or for completions the prompt alone. */
final class ReplayedRequest {
  private static final String COMPLETIONS = "/v1/completions";

  /** Fractions of a request that receipts write as strings. */
  private static final List<String> FRACTIONS =
      List.of(
          "temperature",
          "top_p",
          "min_p",
          "typical_p",
          "repetition_penalty",
          "presence_penalty",
          "frequency_penalty");

  private static final List<String> WHOLE = List.of("max_tokens", "top_k", "repetition_window");

  private ReplayedRequest() {}

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is neither
   */
  static Map<String, Object> read(Path file, Receipt receipt) {
    byte[] bytes = ReceiptFile.bytes(file);
    try {
      return new JsonReader(JsonLimits.LOCAL).readObject(bytes);
    } catch (JsonException e) {
      if (!receipt.fields().text("path").equals(COMPLETIONS)) {
        throw refusal(file, "This is no JSON object: " + e.getMessage() + ".");
      }
      return completion(file, new String(bytes, StandardCharsets.UTF_8), receipt.fields());
    }
  }

  /** All else that the request said is in the receipt, unless it is a text. */
  private static Map<String, Object> completion(Path file, String prompt, Fields receipt) {
    List<Fields> answers = receipt.objects("answers");
    Fields sampling = answers.getFirst().object("sampling");
    boolean hasTexts =
        sampling.object("stops").number("count") > 0
            || Boolean.TRUE.equals(sampling.all().get("constrained"));
    if (hasTexts || answers.size() > 1 || sampling.has("context_shift")) {
      throw refusal(file, "The request said more than a prompt, as stop strings or 'n'.");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("prompt", prompt);
    FRACTIONS.forEach(name -> body.put(name, Double.valueOf(sampling.text(name))));
    WHOLE.forEach(name -> body.put(name, sampling.number(name)));
    body.put("seed", Long.valueOf(sampling.text("seed")));
    body.put("stop_token_ids", sampling.all().get("stop_ids"));
    body.put("ignore_eos", sampling.all().get("ignore_eos"));
    Map<String, Object> bias = new LinkedHashMap<>();
    sampling
        .object("logit_bias")
        .all()
        .forEach((id, value) -> bias.put(id, Double.valueOf((String) value)));
    body.put("logit_bias", bias);
    if (sampling.has("logprobs")) {
      body.put("logprobs", sampling.number("logprobs"));
    }
    return body;
  }

  private static SoleboxException refusal(Path file, String why) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        file.toString(),
        why,
        "Give the body of the request as it was sent.");
  }
}
