"""Photos that a flow asks for: checked and cleaned here, kept by the core until an answer names them."""

from __future__ import annotations

from io import BytesIO

from flask import request
from flask.views import MethodView
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wsgi import get_input_stream

from bff.api.bodies import Resource
from bff.api.context import parts, person
from bff.api.pictures import PictureFault, clean_picture
from bff.api.shapes.citizens import UploadShape
from bff.core_client.facts import Upload
from bff.errors import BffError, BodyTooLarge, InvalidAnswers, MalformedBody, UnsupportedMediaType
from bff.flows.faults import FAULTS, MOST_PHOTO_MB
from groundwork.chance import new_id

blueprint = Resource("uploads", __name__, description="上传照片")

MOST_BYTES = MOST_PHOTO_MB * 1024 * 1024
# What may stand around the photo; more than the parser reads at once, since it holds that against the same limit.
_ENVELOPE_BYTES = 256 * 1024
_FILE = "file"
_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {_FILE: {"type": "string", "format": "binary"}}, "required": [_FILE]}
        }
    },
}


@blueprint.route("/uploads")
class Uploads(MethodView):
    @blueprint.doc(requestBody=_BODY)
    @blueprint.response(201, UploadShape)
    def post(self) -> Upload:
        """Hand in one photo, JPEG or PNG, at most 5 MB; the id is the answer to a field of the kind `photo`."""
        try:
            picture = clean_picture(_sent_file())
        except PictureFault as fault:
            raise _error_of(fault) from None
        return parts().core.keep_picture(person(), picture, new_id())


def _sent_file() -> bytes:
    """The one file of the form, under whatever name; it never touches the disk."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType("请用表单（multipart/form-data）上传照片，请更新小程序后再试。")
    parser = FormDataParser(lambda *_, **__: BytesIO(), max_form_memory_size=_ENVELOPE_BYTES, max_form_parts=10)
    try:
        sent_bytes = get_input_stream(request.environ, max_content_length=MOST_BYTES + _ENVELOPE_BYTES)
        _, _, files = parser.parse(sent_bytes, request.mimetype, request.content_length, request.mimetype_params)
    except RequestEntityTooLarge:
        raise PictureFault("photo_too_large") from None
    sent = [file for several in files.listvalues() for file in several]
    if len(sent) != 1:
        raise PictureFault("photo_missing")
    content: bytes = sent[0].read()
    if len(content) > MOST_BYTES:
        raise PictureFault("photo_too_large")
    return content


_ERRORS: dict[str, type[BffError]] = {
    "photo_missing": MalformedBody,
    "photo_too_large": BodyTooLarge,
    "photo_kind": UnsupportedMediaType,
}


def _error_of(fault: PictureFault) -> BffError:
    told = FAULTS[fault.code]
    return _ERRORS.get(fault.code, InvalidAnswers)(told.text + told.remedy, fields={_FILE: told})
