"""What can be wrong with one answer: a stable code, the fault in words, and the remedy; the docs print this table."""

from __future__ import annotations

from dataclasses import replace

from bff.errors import Fault
from bff.money import yuan

MOST_FEN = 99_999_999
MOST_PHOTOS = 12
MOST_PHOTO_MB = 5
LEAST_SECRET, MOST_SECRET = 6, 64

_TABLE = (
    ("required", "这一项还没有填。", "请填写后再继续。"),
    ("wrong_kind", "这一项的内容不是约定的格式。", "请重新填写；如果仍有问题，请更新小程序。"),
    ("unknown_field", "这一步没有这一项。", "请更新小程序后再试。"),
    ("id_number_full_width", "身份证号里有全角字符。", "请切换到英文输入法，用半角数字重新填写。"),
    ("id_number_characters", "身份证号里有数字和 X 以外的字符。", "身份证号只含数字，最后一位可能是 X，请检查后重新填写。"),
    ("id_number_15_digits", "这是 15 位的旧身份证号。", "请填写现在使用的 18 位身份证号。"),
    ("id_number_length", "身份证号的位数不对。", "身份证号共 18 位，请数一数有没有漏填或多填。"),
    ("id_number_province", "身份证号开头的地区不存在。", "请对照身份证检查前两位数字。"),
    ("id_number_birth_date", "身份证号里的出生日期不存在。", "请对照身份证检查第 7 至 14 位数字。"),
    ("id_number_check", "身份证号没有通过校验，可能有一位填错了。", "请对照身份证逐位检查一遍。"),
    ("certificate_shape", "这个号码和所选的证件种类对不上。", "请核对证件种类，再对照证件重新填写号码。"),
    ("name_length", "姓名的长度不对。", "请填写身份证上的全名，2 至 50 个字。"),
    ("name_characters", "姓名里有不能使用的字符。", "请按身份证上的写法填写，不要加数字、空格以外的符号或表情。"),
    ("phone_full_width", "手机号里有全角字符。", "请切换到英文输入法，用半角数字重新填写。"),
    ("phone_shape", "手机号不对。", "请填写 11 位的中国大陆手机号。"),
    ("phone_unverified", "这里不能手填手机号。", "请点手机号授权，用微信或支付宝登记的手机号。"),
    ("phone_code_invalid", "手机号授权已失效。", "请重新点击授权，或直接填写手机号。"),
    ("choice_unknown", "选的内容不在可选范围里。", "请从列出的选项中选择。"),
    ("choice_disabled", "这个选项现在不能选。", "选项旁写明了原因，请选择别的选项。"),
    ("consent_missing", "还没有同意这份文本。", "请阅读全文，同意后再继续；不同意可以放弃办理。"),
    ("consent_other_text", "您同意的不是现在这份文本。", "文本可能刚刚更新，请重新阅读后再决定。"),
    ("confirm_missing", "还没有确认。", "请核对无误后点确认。"),
    ("text_length", "内容太长或为空。", "请填写 1 至 100 个字。"),
    ("text_characters", "内容里有不能使用的字符。", "请去掉换行、表情和特殊符号。"),
    ("date_shape", "日期不对。", "请按 2026-01-31 这样的格式填写真实存在的日期。"),
    ("money_range", f"金额须在 0.01 至 {yuan(MOST_FEN)} 元之间。", "请填写这个范围里的金额，最多两位小数。"),
    ("photo_count", "照片太多，或者有重复的。", f"最多 {MOST_PHOTOS} 张，请去掉多余的再继续。"),
    ("photo_unknown", "有照片没有上传成功。", "请重新上传这张照片。"),
    ("photo_missing", "没有收到照片。", "请选择一张照片，一次上传一张。"),
    ("photo_kind", "这个文件不是 JPEG 或 PNG 照片。", "请直接用手机拍照，或选择相册里的照片。"),
    ("photo_too_large", f"照片超过了 {MOST_PHOTO_MB} MB。", "请换一张小一些的照片，或在相册里压缩后再上传。"),
    ("photo_too_many_pixels", "照片的尺寸太大。", "请用普通清晰度重新拍一张。"),
    ("photo_too_small", "照片太小，看不清上面的字。", "请用相机重新拍照，四角都在画面里，不要用缩略图。"),
    ("photo_unreadable", "照片打不开，可能已经损坏。", "请重新拍一张再上传。"),
    ("secret_length", f"密码须为 {LEAST_SECRET} 至 {MOST_SECRET} 位。", "请重新设置密码。"),
    ("secret_characters", "密码里有不能使用的字符。", "请只用半角的数字、字母和符号，不要有空格。"),
    ("face_not_passed", "真人核验没有通过。", "请本人在光线充足处正对镜头，再试一次；多次不通过可到医保窗口办理。"),
)

FAULTS = {code: Fault(code, text, remedy) for code, text, remedy in _TABLE}

# The same fault, said as it is met on a question of this kind.
_BY_KIND = {
    ("required", "choice"): ("这一项还没有选。", "请选好后再继续。"),
    ("required", "photo"): ("这里还没有照片。", "请拍照或选照片，等上传好再继续。"),
    ("required", "real_person"): ("还没有看镜头。", "请点打开摄像头，看过以后再继续。"),
    ("required", "date"): ("还没有选日期。", "请选好日期再继续。"),
    ("wrong_kind", "money"): ("金额不对。", "请只填数字，最多两位小数，例如 500 或 500.50。"),
}


def said_of(fault: Fault, kind: str) -> Fault:
    """A fault in the words that fit a question of this kind."""
    text, remedy = _BY_KIND.get((fault.code, kind), (fault.text, fault.remedy))
    return replace(fault, text=text, remedy=remedy)
