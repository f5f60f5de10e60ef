"""The shapes that cross the wire, declared for the OpenAPI document; values are typed already and go out as they are."""
