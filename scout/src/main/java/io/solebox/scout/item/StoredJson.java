package io.solebox.scout.item;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records of the scout as JSON, for its own state: what is written by one version is read by the
 * next, so components may come and go, and are never renamed.
 */
public final class StoredJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .addMixIn(Sale.class, SaleKinds.class)
          .addMixIn(Shipping.class, ShippingKinds.class)
          .build();

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Sale.Fixed.class, name = "fixed"),
    @JsonSubTypes.Type(value = Sale.Auction.class, name = "auction"),
    @JsonSubTypes.Type(value = Sale.Unpriced.class, name = "unpriced")
  })
  private interface SaleKinds {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Shipping.Costs.class, name = "costs"),
    @JsonSubTypes.Type(value = Shipping.Calculated.class, name = "calculated"),
    @JsonSubTypes.Type(value = Shipping.None.class, name = "none"),
    @JsonSubTypes.Type(value = Shipping.Unknown.class, name = "unknown")
  })
  private interface ShippingKinds {}

  private StoredJson() {}

  /**
   * @param value a record of this module
   */
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * @throws IllegalArgumentException if it is none; the message shows nothing of it
   */
  public static <T> T read(String text, Class<T> type) {
    try {
      T value = MAPPER.readValue(text, type);
      if (value == null) {
        throw new IllegalArgumentException("no " + type.getSimpleName() + " as it is stored");
      }
      return value;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("no " + type.getSimpleName() + " as it is stored", e);
    }
  }
}
