package io.solebox.scout.channel.webhook;

import io.solebox.engine.json.JsonWriter;
import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import io.solebox.scout.channel.Posting;
import io.solebox.scout.notice.NoticeJson;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An address that takes news as JSON. The message's key is in the header {@code Idempotency-Key}
 * (<a
 * href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">draft</a>),
 * and the body of a repeat is the same byte by byte, so that whoever keeps the keys drops it.
 */
public final class JsonWebhook implements Channel {
  private static final int MOST_NEWS = 50;

  private static final String REMEDY =
      "See that the address is right and that what listens there takes what is sent.";

  private static final JsonWriter JSON = new JsonWriter();

  private final String name;
  private final URI address;
  private final Optional<String> signing;
  private final Posting posting;

  /**
   * @param address which may be a secret
   * @param signing the key of the signature that goes along; empty for none
   */
  public JsonWebhook(String name, URI address, Optional<String> signing, Outbound outbound) {
    this.name = name;
    this.address = address;
    this.signing = signing;
    this.posting = new Posting(outbound);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int most() {
    return MOST_NEWS;
  }

  @Override
  public Delivery send(Message message) throws InterruptedException {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("key", message.key());
    values.put("news", message.news().stream().map(NoticeJson::values).toList());
    byte[] body = JSON.bytes(values);
    Ask ask =
        Ask.post(address, new Ask.Body("application/json", body))
            .with("Idempotency-Key", '"' + message.key() + '"')
            .with("X-Solebox-Perhaps-Again", Boolean.toString(message.perhapsAgain()));
    if (signing.isPresent()) {
      ask = ask.with("X-Solebox-Signature", "sha256=" + signature(signing.get(), body));
    }
    return posting.send(ask, reply -> Posting.read(reply, REMEDY));
  }

  /** HMAC-SHA-256 of the body, in hexadecimal digits. */
  static String signature(String key, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
