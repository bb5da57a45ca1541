"""Addresses of 마이페이지, within those of the storefront."""

from django.urls import path

from seonmul.storefront.mypage import access, closing, company, conversion, identity, mail, profile, senders

urlpatterns = [
    path("my/", profile.my, name="my"),
    path("my/profile/", profile.profile, name="profile"),
    path("my/profile/mail/", mail.prove, name="profile_mail"),
    path("my/spending/", profile.spend_auth, name="spend_auth"),
    path("my/spending/method/", profile.method, name="spend_method"),
    path("my/spending/password/", profile.password, name="set_password"),
    path("my/identity/", identity.begin, name="identity_begin"),
    path("my/identity/return/", identity.back, name="identity_return"),
    path("my/identity/<slug:public_id>/", identity.attempt, name="identity"),
    path("my/access/", access.access, name="access"),
    path("my/close/", closing.close, name="close"),
    path("my/senders/", senders.senders, name="senders"),
    path("my/convert/", conversion.convert, name="convert"),
    path("my/convert/<slug:public_id>/withdraw/", conversion.withdraw, name="convert_withdraw"),
    path("my/convert/<slug:public_id>/certificate/", conversion.certificate, name="certificate"),
    path("my/company/", company.company, name="company"),
    path("my/company/record/", company.record, name="record"),
    path("my/company/place/", company.place, name="place"),
    path("my/company/departments/", company.department, name="department"),
    path("my/company/approval/", company.approval, name="approval"),
    path("my/company/freeze/", company.freeze, name="freeze"),
    path("my/company/thaw/", company.thaw, name="thaw"),
    path("my/company/invitations/", company.invite, name="invite"),
    path("my/company/invitations/<slug:public_id>/withdraw/", company.withdraw, name="invitation_withdraw"),
    path("my/company/requests/<slug:public_id>/", company.answer, name="join_answer"),
    path("company/join/<str:link>/", company.join, name="join"),
]
